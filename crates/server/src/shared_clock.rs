//! One clock for all nodes. Tokens and revocations are compared by their dates: were the nodes' clocks seconds
//! apart, a token of the node that is ahead would survive a revocation made on another right after it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use intelliauth_model::{Clock, Timestamp};
use intelliauth_store::StoreResult;
use intelliauth_store_postgres::PostgresStore;
use tokio::sync::watch;

use crate::{
    failure::{Failure, Outcome},
    machine::SystemClock,
};

/// How far this machine's clock may be from the database's, in milliseconds. Verifiers allow thirty seconds, and go
/// by their own clocks: to follow a database that is further off would make tokens that nobody takes.
const FURTHEST: i64 = 10_000;
/// How often the difference is measured again; a failover may bring another clock.
const AGAIN: Duration = Duration::from_mins(1);
/// How often the question is put at one time: the quickest answer says it best.
const QUESTIONS: u32 = 5;

/// The database's clock, told by this machine's and the difference between them.
#[derive(Debug, Default)]
pub(crate) struct SharedClock {
    difference: AtomicI64,
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        Timestamp(SystemClock.now().0.saturating_add(self.difference.load(Ordering::Relaxed)))
    }
}

impl SharedClock {
    /// Sets the clock by the database's; refuses one that cannot be followed.
    pub(crate) async fn set_by(store: &PostgresStore) -> Outcome<Arc<Self>> {
        let difference = measure(store).await?;
        if difference.abs() > FURTHEST {
            return Err(Failure::new(format!(
                "this machine's clock and the database's are {} s apart: set them right (NTP) first",
                difference.abs() / 1000
            )));
        }
        Ok(Arc::new(Self { difference: AtomicI64::new(difference) }))
    }

    /// Follows the database's clock until `stop`.
    pub(crate) async fn follow(self: Arc<Self>, store: Arc<PostgresStore>, mut stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(AGAIN) => {}
            }
            match measure(&store).await {
                Ok(difference) => self.adopt(difference),
                Err(error) => tracing::warn!(%error, "the database's clock could not be asked"),
            }
        }
    }

    fn adopt(&self, difference: i64) {
        #[expect(clippy::cast_precision_loss, reason = "a difference of clocks for a graph")]
        metrics::gauge!("intelliauth_clock_difference_seconds").set(difference as f64 / 1000.0);
        if difference.abs() <= FURTHEST {
            self.difference.store(difference, Ordering::Relaxed);
        } else {
            tracing::error!(difference, "this machine's clock and the database's (ms) are too far apart");
        }
    }
}

/// By how many milliseconds the database's clock is ahead of this machine's: its answer is taken for the middle
/// between question and answer.
async fn measure(store: &PostgresStore) -> StoreResult<i64> {
    let mut best = (i64::MAX, 0);
    for _ in 0..QUESTIONS {
        let before = SystemClock.now().0;
        let there = store.now().await?.0;
        let after = SystemClock.now().0;
        best = best.min((after - before, there - i64::midpoint(before, after)));
    }
    Ok(best.1)
}

#[cfg(test)]
mod tests {
    use intelliauth_store_postgres::{Options, fixture};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_clock_goes_as_the_databases() {
        let database = fixture::database().await;
        let options = Options { migrate: false, ..Options::default() };
        let store = PostgresStore::connect(&database.url(), options).await.unwrap();
        let clock = SharedClock::set_by(&store).await.unwrap();
        let (before, there, after) = (clock.now(), store.now().await.unwrap(), clock.now());
        assert!(before.0 - 2 <= there.0 && there.0 <= after.0 + 2, "{before} {there} {after}");
    }

    #[test]
    fn a_difference_is_added_and_one_that_is_too_large_is_not() {
        let clock = SharedClock::default();
        let ahead = || clock.now().0 - SystemClock.now().0;
        for (measured, told) in [(5_000, 5_000), (FURTHEST + 1, 5_000), (-FURTHEST, -FURTHEST), (0, 0)] {
            clock.adopt(measured);
            assert!((ahead() - told).abs() < 1_000, "{measured}");
        }
    }
}
