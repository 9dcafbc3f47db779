//! Background work: who does it, when, and what a node that dies leaves behind.

use std::time::Duration;

use intelliauth_engine::{
    jobs::{self, Ending, Worked},
    keys,
    tenants::{self, TenantChange},
};
use intelliauth_model::{
    JobEnd, JobKind, JobName, JobState, LeaseId, NewRevocation, RevocationKind, Timestamp,
};
use intelliauth_store::{PlatformTx, PlatformWrite, TenantTx, TenantWrite};

use crate::support::Process;

const DAY_MS: i64 = 86_400_000;

/// Does what is due now, as often as something is.
async fn work(process: &Process) -> Vec<(JobKind, Ending)> {
    let mut endings: Vec<(JobKind, Ending)> = Vec::new();
    loop {
        let Worked { endings: more, .. } = jobs::work(&process.engine).await.unwrap();
        if more.is_empty() {
            endings.sort_by_key(|(kind, _)| kind.as_str());
            return endings;
        }
        endings.extend(more);
    }
}

async fn make_rounds(process: &Process) {
    let mut rounds = jobs::Rounds::default();
    while rounds.next(&process.engine).await.unwrap() {}
}

async fn wait_ms(process: &Process) -> i64 {
    let next = jobs::next_due(&process.engine).await.unwrap().expect("there is always a job");
    next.0 - process.engine.now().0
}

/// Makes the tenant's work due and takes it all, as a node does that dies right after.
async fn die_with_the_work(process: &Process) {
    process.clock.advance_ms(DAY_MS);
    let now = process.engine.now();
    let lease = LeaseId::from_bytes([1; 16]);
    let take = PlatformWrite::LeaseJobs { lease, now, until: now.plus_seconds(60), limit: 100 };
    let taken = process.engine.store().commit(PlatformTx::new().with(take)).await.unwrap().leased;
    assert_eq!(taken.len(), 2);
}

fn states(process: &Process) -> impl Future<Output = Vec<String>> {
    let process = process.clone();
    async move {
        let published = keys::published(&process.tenancy().await);
        let mut states: Vec<_> = published.iter().map(|key| key.state.name().to_owned()).collect();
        states.sort();
        states.dedup_by(|one, two| one == two);
        states
    }
}

#[tokio::test]
async fn a_tenant_is_looked_after_by_jobs_alone() {
    let process = Process::new().await;
    assert_eq!(work(&process).await, [], "nothing is due on a new tenant");
    assert!(wait_ms(&process).await > 60_000, "so nobody is woken");
    assert_eq!(states(&process).await, ["current", "next"]);
    process.clock.advance_ms(90 * DAY_MS);
    let done = [(JobKind::ForgetExpired, Ending::Done), (JobKind::KeySchedule, Ending::Done)];
    assert_eq!(work(&process).await, done);
    assert_eq!(states(&process).await, ["current", "next", "previous"], "rotated");
    // Nothing is due before the last token of the keys that signed is dead.
    let (until, mut turns) = (process.engine.now().plus_seconds(86_400 + 900), 0);
    while process.engine.now() < until {
        process.clock.advance_ms(wait_ms(&process).await);
        assert!(!work(&process).await.is_empty(), "who is woken finds something to do");
        turns += 1;
    }
    assert!(turns < 10, "{turns} turns in a day on an idle tenant");
    assert_eq!(states(&process).await, ["current", "next"], "retired");
}

#[tokio::test]
async fn a_changed_schedule_is_looked_at_at_once() {
    let process = Process::new().await;
    process.clock.advance_ms(40 * DAY_MS);
    work(&process).await;
    assert_eq!(states(&process).await, ["current", "next"]);
    let mut settings = process.tenancy().await.tenant().settings.clone();
    settings.key_rotation_days = 30;
    let change = TenantChange { settings: Some(settings), ..Default::default() };
    let woken = process.engine.work_wanted();
    tenants::update(&process.tenancy().await, &process.operator(), change).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), woken).await.expect("the worker is woken");
    assert_eq!(work(&process).await, [(JobKind::KeySchedule, Ending::Done)]);
    assert_eq!(states(&process).await, ["current", "next", "previous"]);
}

/// A node that knew the tenant a moment ago took the work that a change elsewhere asked for, looked with what it
/// knew, found nothing, and put the work off for a day.
#[tokio::test]
async fn bug_work_was_done_with_what_was_known_before_it_was_asked_for() {
    let process = Process::new().await;
    let other = process.beside();
    process.clock.advance_ms(40 * DAY_MS);
    work(&process).await;
    other.tenancy().await;
    let mut settings = process.tenancy().await.tenant().settings.clone();
    settings.key_rotation_days = 30;
    let change = TenantChange { settings: Some(settings), ..Default::default() };
    tenants::update(&process.tenancy().await, &process.operator(), change).await.unwrap();
    assert_eq!(work(&other).await, [(JobKind::KeySchedule, Ending::Done)]);
    process.clock.advance_ms(300);
    assert_eq!(states(&process).await, ["current", "next", "previous"]);
}

/// A start with a clock a year ahead put all work off for a year.
#[tokio::test]
async fn bug_a_clock_that_was_ahead_put_work_off() {
    let process = Process::new().await;
    process.clock.advance_ms(365 * DAY_MS);
    work(&process).await;
    process.clock.advance_ms(-364 * DAY_MS);
    assert!(wait_ms(&process).await > 300 * DAY_MS);
    make_rounds(&process).await;
    assert!(wait_ms(&process).await <= 2 * DAY_MS);
}

#[tokio::test]
async fn what_a_dead_node_had_taken_is_done_when_its_lease_ends() {
    let process = Process::new().await;
    process.clock.advance_ms(90 * DAY_MS);
    die_with_the_work(&process).await;
    let other = process.beside();
    assert_eq!(work(&other).await, []);
    assert_eq!(wait_ms(&other).await, 60_000);
    process.clock.advance_ms(59_999);
    assert_eq!(work(&other).await, []);
    process.clock.advance_ms(1);
    assert_eq!(work(&other).await.len(), 2);
    assert_eq!(states(&other).await, ["current", "next", "previous"]);
}

#[tokio::test]
async fn of_several_nodes_each_job_is_done_by_one() {
    let process = Process::new().await;
    let nodes = [process.clone(), process.beside(), process.beside()];
    for round in 0..10 {
        process.clock.advance_ms(DAY_MS);
        let [one, two, three] = &nodes;
        let (one, two, three) = tokio::join!(work(one), work(two), work(three));
        let all = [one, two, three].concat();
        assert_eq!(all.len(), 2, "round {round}: {all:?}");
        assert!(all.iter().all(|(_, ending)| *ending == Ending::Done), "{all:?}");
    }
}

/// A node that cannot open the tenant's keys leaves the work to others, and does not try all the time.
#[tokio::test]
async fn what_fails_is_tried_later_and_by_others() {
    let process = Process::new().await;
    let broken = process.with_data_key(8);
    process.clock.advance_ms(90 * DAY_MS);
    let failed = [(JobKind::ForgetExpired, Ending::Failed), (JobKind::KeySchedule, Ending::Failed)];
    assert_eq!(work(&broken).await, failed);
    for pause in [5_000, 10_000, 20_000] {
        assert_eq!(wait_ms(&broken).await, pause);
        process.clock.advance_ms(pause);
        assert_eq!(work(&broken).await, failed);
    }
    process.clock.advance_ms(40_000);
    assert_eq!(work(&process).await.len(), 2);
    let store = process.engine.store().scoped(process.tenant);
    for job in store.jobs().await.unwrap() {
        assert_eq!((job.attempts, job.state), (0, JobState::Waiting), "{job:?}");
    }
}

/// A worker that was too slow must not end the work of the one that has it now.
#[tokio::test]
async fn a_lost_lease_ends_nothing() {
    let process = Process::new().await;
    die_with_the_work(&process).await;
    process.clock.advance_ms(60_000);
    work(&process.beside()).await;
    let store = process.engine.store().scoped(process.tenant);
    let before = store.jobs().await.unwrap();
    for kind in JobKind::ALL {
        let end = JobEnd::Done { again_at: Timestamp(0) };
        let lease = LeaseId::from_bytes([1; 16]);
        let write = TenantWrite::EndLease { name: JobName::of_tenant(kind), lease, end };
        store.commit(TenantTx::new().with(write)).await.unwrap_err();
    }
    assert_eq!(store.jobs().await.unwrap(), before);
}

/// A release that knew of no jobs made tenants without them.
#[tokio::test]
async fn tenants_of_an_older_release_get_their_work() {
    let process = Process::new().await;
    make_rounds(&process).await;
    assert_eq!(work(&process).await, [], "the tenant has its work, at its own moment");
    let new = process.bare_tenant().await;
    let store = process.engine.store().scoped(new);
    assert_eq!(store.jobs().await.unwrap(), []);
    make_rounds(&process).await;
    let names: Vec<_> = store.jobs().await.unwrap().into_iter().map(|job| job.name).collect();
    assert_eq!(names, [JobKind::ForgetExpired, JobKind::KeySchedule].map(JobName::of_tenant));
}

/// Of each kind a thousand rows were forgotten an hour, however many expired.
#[tokio::test]
async fn bug_a_busy_tenants_expired_rows_were_never_caught_up_with() {
    let process = Process::new().await;
    let now = process.engine.now();
    let mut tx = TenantTx::new();
    for number in 0_u32..2_500 {
        let mut id_hash = [0; 16];
        id_hash[..4].copy_from_slice(&number.to_be_bytes());
        let kind = RevocationKind::Token;
        let entry = NewRevocation { kind, id_hash, not_before: now, expires_at: now.plus_seconds(1) };
        tx.push(TenantWrite::AppendRevocation(entry));
    }
    let store = process.engine.store().scoped(process.tenant);
    store.commit(tx).await.unwrap();
    process.clock.advance_ms(wait_ms(&process).await);
    assert_eq!(work(&process).await, [(JobKind::ForgetExpired, Ending::Done)]);
    assert_eq!(store.revocations_after(0, 5_000).await.unwrap(), []);
    assert!(wait_ms(&process).await <= 330_000, "where things expire the next look is soon");
    process.clock.advance_ms(wait_ms(&process).await);
    work(&process).await;
    assert!(wait_ms(&process).await > 3_600_000, "where nothing expires it is not");
}
