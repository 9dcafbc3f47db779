use std::{sync::Arc, time::Duration};

use intelliauth_engine::{
    Engine, Error,
    jobs::{self, Ending, Worked},
    tenants,
};
use intelliauth_store_postgres::{Listener, NodeId, Notice, PostgresStore};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use tracing_appender::non_blocking::ErrorCounter;

use crate::machine::ticks;

/// How long a worker sleeps at the most: work that another process has asked for, and a clock that was set, are
/// noticed by then.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);
/// How long it leaves a store in peace that does not answer.
const AFTER_TROUBLE: Duration = Duration::from_secs(5);
/// How long it waits while what is due is just being taken by another node.
const WHILE_TAKEN: Duration = Duration::from_millis(500);
const DAY_MS: i64 = 86_400_000;
/// How often a node says that it is there; it counts as gone after a minute.
const SEEN_EVERY: Duration = Duration::from_secs(20);
const SEEN_AGAIN: Duration = Duration::from_secs(2);
/// How often the metrics are tidied up.
const UPKEEP: Duration = Duration::from_mins(1);

/// Does what is due until `stop`, and sleeps until the next job is.
pub(crate) async fn worker(engine: Arc<Engine>, mut stop: watch::Receiver<bool>) {
    let mut walk = Walk::default();
    loop {
        let mut sleep = LONGEST_SLEEP;
        // A walk that cannot go on must not keep from work those whose jobs are there.
        for turn in [walk.go_on(&engine).await, turn(&engine).await] {
            sleep = sleep.min(turn.unwrap_or_else(|error| {
                tracing::warn!(%error, "work in the background");
                AFTER_TROUBLE
            }));
        }
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return,
            () = engine.work_wanted() => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
}

/// The walk over all tenants that sees to their jobs: at the start, and once a day.
#[derive(Default)]
struct Walk {
    rounds: jobs::Rounds,
    next_at: i64,
}

impl Walk {
    /// Sees to the next tenants; gives how long there are none to see to.
    async fn go_on(&mut self, engine: &Engine) -> Result<Duration, Error> {
        let left = self.next_at - ticks();
        if left > 0 {
            return Ok(Duration::from_millis(left.unsigned_abs()));
        }
        if !self.rounds.next(engine).await? {
            *self = Self { rounds: jobs::Rounds::default(), next_at: ticks() + DAY_MS };
        }
        Ok(Duration::ZERO)
    }
}

/// One turn of work; gives how long there is nothing to do.
async fn turn(engine: &Arc<Engine>) -> Result<Duration, Error> {
    let Worked { endings, full } = jobs::work(engine).await?;
    let idle = endings.is_empty();
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
    let left = Duration::from_millis(left.unsigned_abs());
    // What is due and was not to be had is in another's hands: asking at once would be asking all the time.
    Ok(if idle { left.max(WHILE_TAKEN) } else { left })
}

/// Keeps what the metrics remember small until `stop`, and tells how many lines the log has lost.
pub(crate) async fn upkeep(metrics: PrometheusHandle, lost: ErrorCounter, mut stop: watch::Receiver<bool>) {
    let mut told = 0;
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(UPKEEP) => metrics.run_upkeep(),
        }
        let lines = lost.dropped_lines();
        if lines > told {
            metrics::counter!("intelliauth_log_lines_dropped_total")
                .absolute(lines.try_into().unwrap_or(u64::MAX));
            tracing::error!(lines = lines - told, "lines of this log are lost, since nobody read it");
            told = lines;
        }
    }
}

/// Says again and again until `stop` that this node is there, and then that it is gone. It is to be stopped when
/// everything else has ended: until then this node may write.
pub(crate) async fn presence(store: Arc<PostgresStore>, node: NodeId, mut stop: watch::Receiver<bool>) {
    let mut pause = SEEN_EVERY;
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            () = tokio::time::sleep(pause) => {}
        }
        pause = match store.node_is_here(node).await {
            Ok(()) => SEEN_EVERY,
            Err(error) => {
                tracing::warn!(%error, "this node could not say that it is there");
                SEEN_AGAIN
            }
        };
    }
    if let Err(error) = store.node_is_gone(node).await {
        tracing::warn!(%error, "this node could not say that it is gone");
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
