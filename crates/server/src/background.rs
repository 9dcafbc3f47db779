use std::{sync::Arc, time::Duration};

use intelliauth_engine::{
    Engine, Error,
    jobs::{self, Ending, Worked},
    tenants,
};
use intelliauth_store_postgres::{Listener, Notice};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;

/// How long a worker sleeps at the most: work that another process has asked for, and a clock that was set, are
/// noticed by then.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);
/// How long it leaves a store in peace that does not answer.
const AFTER_TROUBLE: Duration = Duration::from_secs(5);
/// How often the metrics are tidied up.
const UPKEEP: Duration = Duration::from_mins(1);

/// Does what is due until `stop`, and sleeps until the next job is.
pub(crate) async fn worker(engine: Arc<Engine>, mut stop: watch::Receiver<bool>) {
    let mut scheduled = false;
    loop {
        let sleep = match turn(&engine, &mut scheduled).await {
            Ok(sleep) => sleep,
            Err(error) => {
                tracing::warn!(%error, "work in the background");
                AFTER_TROUBLE
            }
        };
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return,
            () = engine.work_wanted() => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
}

/// One turn of work; gives how long there is nothing to do.
async fn turn(engine: &Arc<Engine>, scheduled: &mut bool) -> Result<Duration, Error> {
    if !*scheduled {
        jobs::schedule_everywhere(engine).await?;
        *scheduled = true;
    }
    let Worked { endings, full } = jobs::work(engine).await?;
    for (kind, ending) in endings {
        let outcome = match ending {
            Ending::Done => "done",
            Ending::Failed => "failed",
            Ending::Lost => "lost",
        };
        metrics::counter!("intelliauth_jobs_total", "kind" => kind.as_str(), "outcome" => outcome)
            .increment(1);
    }
    if full {
        return Ok(Duration::ZERO);
    }
    let next = jobs::next_due(engine).await?;
    let left = next.map_or(i64::MAX, |next| next.0.saturating_sub(engine.now().0)).max(0);
    Ok(Duration::from_millis(left.unsigned_abs()).min(LONGEST_SLEEP))
}

/// Keeps what the metrics remember small until `stop`.
pub(crate) async fn upkeep(metrics: PrometheusHandle, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(UPKEEP) => metrics.run_upkeep(),
        }
    }
}

/// Looks again at what other nodes say they have changed. Without this a change made elsewhere is seen a
/// quarter of a second late; with it, mostly at once.
pub(crate) async fn notices(engine: Arc<Engine>, mut listener: Listener, mut stop: watch::Receiver<bool>) {
    loop {
        let notice = tokio::select! {
            notice = listener.next() => notice,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        match notice {
            Some(Notice::Tenant(id)) => tenants::changed_elsewhere(&engine, Some(id)),
            Some(Notice::Everything) => tenants::changed_elsewhere(&engine, None),
            None => return,
        }
    }
}
