//! One clock for all nodes. Tokens and revocations are compared by their dates: were the nodes' clocks seconds
//! apart, a token of the node that is ahead would survive a revocation made on another right after it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use intelliauth_model::{Clock, Timestamp};
use intelliauth_store::{StoreError, StoreResult};
use intelliauth_store_postgres::PostgresStore;
use tokio::sync::watch;

use crate::{
    failure::{Failure, Outcome},
    machine::{SystemClock, ticks},
};

/// How far the database's clock may be from this machine's, in milliseconds. Verifiers allow thirty seconds, and go
/// by their own clocks: to follow a database that is further off would make tokens that nobody takes.
const FURTHEST: i64 = 10_000;
/// How often the database is asked again; a failover may bring another clock.
const AGAIN: Duration = Duration::from_mins(1);
/// How often the question is put at one time, and how long an answer may take to be believed, in milliseconds: it is
/// wrong by half of that at the most. The quickest says it best.
const QUESTIONS: u32 = 5;
const SLOWEST: i64 = 500;

/// The database's clock, told by what it said last and the milliseconds that have passed since. What this machine's
/// clock is set to meanwhile does not matter.
#[derive(Debug)]
pub(crate) struct SharedClock(Mutex<Hands>);

#[derive(Debug)]
struct Hands {
    /// What to add to the ticks.
    offset: i64,
    /// The latest moment that was told: the clock stands still rather than go back by a little, or what one node
    /// dated would lie in the future of its own next revocation.
    latest: i64,
}

impl Hands {
    fn at(&mut self, ticks: i64) -> i64 {
        self.latest = self.latest.max(ticks.saturating_add(self.offset));
        self.latest
    }
}

/// What the database said.
#[derive(Clone, Copy, Debug)]
struct Answer {
    /// Its moment, in milliseconds.
    there: i64,
    /// The ticks at which that was.
    ticks: i64,
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.at(ticks()))
    }

    fn ticks(&self) -> i64 {
        ticks()
    }
}

impl SharedClock {
    /// Sets the clock by the database's; refuses one that cannot be followed.
    pub(crate) async fn set_by(store: &PostgresStore) -> Outcome<Arc<Self>> {
        let answer = ask(store).await?;
        let apart = answer.there - SystemClock.now().0;
        if apart.abs() > FURTHEST {
            return Err(Failure::new(format!(
                "this machine's clock and the database's are {} s apart: set them right (NTP) first",
                apart.abs() / 1000
            )));
        }
        tell(apart);
        Ok(Arc::new(Self::of(answer)))
    }

    fn of(answer: Answer) -> Self {
        Self(Mutex::new(Hands { offset: answer.there - answer.ticks, latest: answer.there }))
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn at(&self, ticks: i64) -> i64 {
        self.hands().at(ticks)
    }

    /// Follows the database's clock until `stop`.
    pub(crate) async fn follow(self: Arc<Self>, store: Arc<PostgresStore>, mut stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(AGAIN) => {}
            }
            match ask(&store).await {
                Ok(answer) => self.adopt(answer, SystemClock.now().0),
                Err(error) => tracing::warn!(%error, "the database's clock could not be asked"),
            }
        }
    }

    /// Goes on from this answer, unless it is far both from what was told so far and from this machine's clock: then
    /// it is the database's clock that was set wrong, and all nodes go on as before.
    fn adopt(&self, answer: Answer, here: i64) {
        tell(answer.there - here);
        let mut hands = self.hands();
        let told = hands.at(answer.ticks);
        if (answer.there - told).abs() > FURTHEST && (answer.there - here).abs() > FURTHEST {
            let (database, machine) = (answer.there, here);
            tracing::error!(told, database, machine, "the database's clock (ms) is far off and not followed");
            return;
        }
        hands.offset = answer.there - answer.ticks;
        if told - answer.there > FURTHEST {
            // So far ahead it was wrong all the time; to stand still for so long would be worse.
            hands.latest = answer.there;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a difference of clocks for a graph")]
fn tell(apart: i64) {
    metrics::gauge!("intelliauth_clock_difference_seconds").set(apart as f64 / 1000.0);
}

/// What the database says, taken for the middle between question and answer.
async fn ask(store: &PostgresStore) -> StoreResult<Answer> {
    let mut best: Option<(i64, Answer)> = None;
    for _ in 0..QUESTIONS {
        let before = ticks();
        let there = store.now().await?.0;
        let took = ticks() - before;
        if best.is_none_or(|(quickest, _)| took < quickest) {
            best = Some((took, Answer { there, ticks: before + took / 2 }));
        }
    }
    match best {
        Some((took, answer)) if took <= SLOWEST => Ok(answer),
        _ => Err(StoreError::Unavailable("it answers too slowly to tell the time".to_owned())),
    }
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
        assert!(before.0 - 500 <= there.0 && there.0 <= after.0 + 500, "{before} {there} {after}");
    }

    const START: Answer = Answer { there: 1_000_000, ticks: 0 };

    /// Two nodes whose own clocks are an hour apart, and are set meanwhile, tell the same time.
    #[test]
    fn bug_a_node_whose_clock_was_set_dated_tokens_by_it() {
        let (one, two) = (SharedClock::of(START), SharedClock::of(Answer { there: 1_000_000, ticks: 500 }));
        assert_eq!((one.at(7_000), two.at(7_500)), (1_007_000, 1_007_000));
        let answer = |ticks| Answer { there: 1_060_000, ticks };
        one.adopt(answer(60_000), 1_060_000 + 3_600_000);
        two.adopt(answer(60_500), 1_060_000 - 3_600_000);
        assert_eq!((one.at(61_000), two.at(61_500)), (1_061_000, 1_061_000));
    }

    #[test]
    fn the_clock_stands_still_rather_than_go_back() {
        let clock = SharedClock::of(START);
        assert_eq!(clock.at(60_000), 1_060_000);
        clock.adopt(Answer { there: 1_057_000, ticks: 60_000 }, 1_057_000);
        assert_eq!(clock.at(60_000), 1_060_000);
        assert_eq!(clock.at(62_000), 1_060_000);
        assert_eq!(clock.at(64_000), 1_061_000, "until the database has caught up");
    }

    #[test]
    fn a_database_that_is_far_off_is_not_followed() {
        let clock = SharedClock::of(START);
        for wrong in [1_060_000 + FURTHEST + 1, 1_060_000 - FURTHEST - 1] {
            clock.adopt(Answer { there: wrong, ticks: 60_000 }, 1_060_000);
            assert_eq!(clock.at(60_000), 1_060_000);
        }
    }

    /// Ticks stop while a machine sleeps; its clock, and the database's, go on.
    #[test]
    fn a_machine_that_slept_catches_up() {
        let clock = SharedClock::of(START);
        clock.adopt(Answer { there: 9_000_000, ticks: 60_000 }, 9_000_100);
        assert_eq!(clock.at(60_000), 9_000_000);
        clock.adopt(Answer { there: 2_000_000, ticks: 61_000 }, 2_000_100);
        assert_eq!(clock.at(61_000), 2_000_000, "hours ahead was wrong all the time");
    }
}
