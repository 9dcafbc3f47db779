use std::sync::Arc;

use intelliauth_model::{JobEnd, JobKind, LeaseId, LeasedJob};
use intelliauth_store::{PlatformTx, PlatformWrite, StoreError, TenantTx};
use tokio::task::JoinSet;

use super::{Lease, lease, perform::perform};
use crate::{Engine, Error};

/// How many jobs a node does at once, so that work in the background leaves the store to requests.
const AT_ONCE: u32 = 8;
/// How long after a failure a job is tried again, in seconds; each further pause is twice as long.
const FIRST_PAUSE: i64 = 5;
const LONGEST_PAUSE: i64 = 3_600;

/// What came of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was done.
    Done,
    /// It was not done and will be tried again.
    Failed,
    /// The lease had ended before the work had; another node does or did it too.
    Lost,
}

/// What one turn of work did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// Each job that was taken and what came of it.
    pub endings: Vec<(JobKind, Ending)>,
    /// Whether as many were taken as may be: there is probably more to do at once.
    pub full: bool,
}

/// Takes what is due and does it. Of several nodes that call this at once each does something else.
pub async fn work(engine: &Arc<Engine>) -> Result<Worked, Error> {
    let now = engine.now();
    let take = PlatformWrite::LeaseJobs {
        lease: LeaseId::new(engine.rng()),
        now,
        until: now.plus_seconds(lease::SECONDS),
        limit: AT_ONCE,
    };
    let taken = engine.store().commit(PlatformTx::new().with(take)).await?.leased;
    let full = taken.len() == AT_ONCE as usize;
    let mut tasks = JoinSet::new();
    for job in taken {
        let engine = Arc::clone(engine);
        tasks.spawn(async move { (job.name.kind, one(&engine, job).await) });
    }
    let mut worked = Worked { endings: Vec::new(), full };
    while let Some(done) = tasks.join_next().await {
        // A job that panicked keeps its lease: it is tried again when that ends.
        match done {
            Ok(ending) => worked.endings.push(ending),
            Err(error) => tracing::error!(%error, "a job ended without an answer"),
        }
    }
    Ok(worked)
}

async fn one(engine: &Arc<Engine>, job: LeasedJob) -> Ending {
    let lease = Lease::of(job);
    let outcome = perform(engine, &lease).await;
    let LeasedJob { tenant, name, attempts, .. } = lease.job();
    let kind = name.kind.as_str();
    let (end, ending) = match outcome {
        Ok(again_at) => (JobEnd::Done { again_at }, Ending::Done),
        Err(error) => {
            tracing::warn!(%tenant, kind, subject = name.subject, attempts, %error, "a job failed");
            let retry_at = engine.now().plus_seconds(pause(*attempts));
            (JobEnd::Failed { retry_at }, Ending::Failed)
        }
    };
    match engine.store().scoped(*tenant).commit(TenantTx::new().with(lease.end(end))).await {
        Ok(_) => ending,
        Err(StoreError::Stale(_)) => Ending::Lost,
        Err(error) => {
            tracing::warn!(%tenant, kind, %error, "a job was not given back; its lease ends by itself");
            Ending::Lost
        }
    }
}

fn pause(attempts: u32) -> i64 {
    let doublings = attempts.saturating_sub(1).min(16);
    (FIRST_PAUSE << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_again_and_again_waits_for_longer_and_longer() {
        assert_eq!([0, 1, 2, 3, 10, 11, u32::MAX].map(pause), [5, 5, 10, 20, 2_560, 3_600, 3_600]);
    }
}
