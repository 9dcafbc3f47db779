use intelliauth_model::{JobKind, JobName, Timestamp};
use intelliauth_store::{PlatformTx, PlatformWrite, TenantWrite};

use crate::{Engine, Error, forgetting, keys};

/// Asks for work on a tenant at `at`.
pub(crate) const fn wanted(kind: JobKind, at: Timestamp) -> TenantWrite {
    TenantWrite::ScheduleJob { name: JobName::of_tenant(kind), at }
}

/// The first work on a tenant that is just being made.
pub(crate) fn first_of_tenant(now: Timestamp) -> [TenantWrite; 2] {
    [
        wanted(JobKind::KeySchedule, now.plus_seconds(keys::LOOKED_AT_SECONDS)),
        wanted(JobKind::ForgetExpired, now.plus_seconds(forgetting::BUSY_SECONDS)),
    ]
}

/// Sees to it that each tenant has its recurring work: tenants made by a release that knew less have not.
pub async fn schedule_everywhere(engine: &Engine) -> Result<(), Error> {
    let at = engine.now();
    let tx = JobKind::ALL
        .into_iter()
        .fold(PlatformTx::new(), |tx, kind| tx.with(PlatformWrite::ScheduleEverywhere { kind, at }));
    engine.store().commit(tx).await?;
    Ok(())
}

/// When there is something to do next, be it in the past.
pub async fn next_due(engine: &Engine) -> Result<Option<Timestamp>, Error> {
    Ok(engine.store().next_job_at().await?)
}
