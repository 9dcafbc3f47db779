use std::{collections::BTreeSet, sync::Arc};

use intelliauth_model::{Job, JobEnd, JobKind, JobName, JobState, LeaseId, LeasedJob, Timestamp};

use super::{
    fixtures::{ALL, END, NOW, application_id, job, lease, open, open_one, put, user},
    race::race,
    users,
};
use crate::{Entity, PlatformTx, PlatformWrite, Store, StoreError, TenantStore, TenantWrite, UserFilter};

const STALE: StoreError = StoreError::Stale(Entity::Job);

fn after(milliseconds: i64) -> Timestamp {
    Timestamp(NOW.0 + milliseconds)
}

fn schedule(n: u64, at: Timestamp) -> TenantWrite {
    TenantWrite::ScheduleJob { name: job(n), at }
}

fn extend(n: u64, held: u64, until: Timestamp) -> TenantWrite {
    TenantWrite::ExtendLease { name: job(n), lease: lease(held), until }
}

fn end(n: u64, held: u64, end: JobEnd) -> TenantWrite {
    TenantWrite::EndLease { name: job(n), lease: lease(held), end }
}

const fn again(again_at: Timestamp) -> JobEnd {
    JobEnd::Done { again_at }
}

/// Takes at most `limit` jobs that are due at `now`, for a second, under lease `n`.
async fn take(store: &Arc<dyn Store>, n: u64, now: Timestamp, limit: u32) -> Vec<LeasedJob> {
    let until = now.plus_seconds(1);
    let write = PlatformWrite::LeaseJobs { lease: lease(n), now, until, limit };
    let mut taken = store.commit(PlatformTx::new().with(write)).await.unwrap().leased;
    taken.sort_by(|one, two| one.name.subject.cmp(&two.name.subject));
    taken
}

fn names(taken: &[LeasedJob]) -> Vec<JobName> {
    taken.iter().map(|taken| taken.name.clone()).collect()
}

async fn only(tenant: &Arc<dyn TenantStore>) -> Job {
    let [job] = <[Job; 1]>::try_from(tenant.jobs().await.unwrap()).unwrap();
    job
}

pub(super) async fn a_job_comes_back_as_it_went_in(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    assert_eq!(store.next_job_at().await.unwrap(), None);
    let on_tenant = JobName::of_tenant(JobKind::KeySchedule);
    let writes = [schedule(1, after(5)), TenantWrite::ScheduleJob { name: on_tenant.clone(), at: after(7) }];
    put(&tenant, writes).await.unwrap();
    let waiting = |name, due_at| Job { name, due_at, state: JobState::Waiting, attempts: 0 };
    assert_eq!(tenant.jobs().await.unwrap(), [waiting(job(1), after(5)), waiting(on_tenant, after(7))]);
    assert_eq!(store.next_job_at().await.unwrap(), Some(after(5)));
}

pub(super) async fn asking_twice_is_asking_once_for_the_earlier_moment(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    for (asked, due) in [(10, 10), (20, 10), (5, 5), (5, 5)] {
        put(&tenant, [schedule(1, after(asked))]).await.unwrap();
        assert_eq!(only(&tenant).await.due_at, after(due));
    }
}

pub(super) async fn the_longest_due_are_taken_first(store: &Arc<dyn Store>) {
    let [one, two] = open(store, [1, 2]).await;
    for (tenant, n, at) in [(&one, 1, 3), (&two, 2, 1), (&one, 3, 2), (&two, 4, 4)] {
        put(tenant, [schedule(n, after(at))]).await.unwrap();
    }
    assert_eq!(take(store, 1, NOW, 10).await, []);
    assert_eq!(take(store, 1, after(4), 0).await, []);
    let taken = take(store, 1, after(3), 2).await;
    assert_eq!(names(&taken), [job(2), job(3)]);
    assert_eq!([taken[0].tenant, taken[1].tenant], [two.id(), one.id()], "of whatever tenant");
    assert_eq!((taken[0].lease, taken[0].attempts), (lease(1), 1));
    assert_eq!(names(&take(store, 2, after(3), 2).await), [job(1)], "what is not due is not taken");
}

/// A worker that dies says nothing; its lease ends.
pub(super) async fn a_taken_job_is_due_again_when_its_lease_ends(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [schedule(1, NOW)]).await.unwrap();
    assert_eq!(take(store, 1, NOW, 10).await.len(), 1);
    let held = Job {
        name: job(1),
        due_at: after(1_000),
        state: JobState::Leased { lease: lease(1), wanted_at: None },
        attempts: 1,
    };
    assert_eq!(only(&tenant).await, held);
    assert_eq!(store.next_job_at().await.unwrap(), Some(after(1_000)));
    assert_eq!(take(store, 2, after(999), 10).await, []);
    put(&tenant, [extend(1, 1, after(2_000))]).await.unwrap();
    assert_eq!(take(store, 2, after(1_999), 10).await, []);
    let taken = take(store, 2, after(2_000), 10).await;
    assert_eq!((names(&taken), taken[0].attempts), (vec![job(1)], 2));

    for write in [extend(1, 1, END), end(1, 1, again(END))] {
        assert_eq!(put(&tenant, [write]).await, Err(STALE), "the first worker has lost it");
    }
    put(&tenant, [end(1, 2, again(END))]).await.unwrap();
    assert_eq!(put(&tenant, [end(1, 2, again(END))]).await, Err(STALE), "a job is given back once");
}

pub(super) async fn a_lost_lease_changes_nothing(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [schedule(1, NOW)]).await.unwrap();
    take(store, 1, NOW, 10).await;
    take(store, 2, after(1_000), 10).await;
    assert_eq!(put(&tenant, [extend(1, 1, END), users::insert(&user(1))]).await, Err(STALE));
    assert_eq!(put(&tenant, [users::insert(&user(1)), extend(1, 1, END)]).await, Err(STALE));
    assert_eq!(tenant.users(&UserFilter::default(), ALL).await.unwrap(), []);
    put(&tenant, [extend(1, 2, END), users::insert(&user(1))]).await.unwrap();
    assert_eq!(tenant.users(&UserFilter::default(), ALL).await.unwrap(), [user(1)]);
    assert_eq!(put(&tenant, [extend(2, 2, END)]).await, Err(STALE), "there is no such job");
}

/// Work that is asked for while it is being done may have looked too early: it is done again.
pub(super) async fn what_is_asked_for_meanwhile_is_done_again(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [schedule(1, NOW)]).await.unwrap();
    take(store, 1, NOW, 10).await;
    for asked in [7, 5, 9] {
        put(&tenant, [schedule(1, after(asked))]).await.unwrap();
    }
    let state = JobState::Leased { lease: lease(1), wanted_at: Some(after(5)) };
    assert_eq!(only(&tenant).await.state, state, "nobody else may take it yet");
    assert_eq!(only(&tenant).await.due_at, after(1_000));
    put(&tenant, [end(1, 1, again(END))]).await.unwrap();
    let job = only(&tenant).await;
    assert_eq!((job.due_at, job.state, job.attempts), (after(5), JobState::Waiting, 0));

    take(store, 2, after(5), 10).await;
    put(&tenant, [schedule(1, END)]).await.unwrap();
    put(&tenant, [end(1, 2, again(after(50)))]).await.unwrap();
    assert_eq!(only(&tenant).await.due_at, after(50), "whichever comes first");
}

pub(super) async fn a_failed_job_keeps_its_attempts(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [schedule(1, NOW)]).await.unwrap();
    for attempt in 1..=3 {
        let now = after(i64::from(attempt) * 10);
        assert_eq!(take(store, 1, now, 10).await[0].attempts, attempt);
        let retry_at = Timestamp(now.0 + 10);
        put(&tenant, [end(1, 1, JobEnd::Failed { retry_at })]).await.unwrap();
        let job = only(&tenant).await;
        assert_eq!((job.due_at, job.state, job.attempts), (retry_at, JobState::Waiting, attempt));
    }
    take(store, 1, after(40), 10).await;
    put(&tenant, [end(1, 1, again(END))]).await.unwrap();
    assert_eq!(only(&tenant).await.attempts, 0);
}

pub(super) async fn of_many_workers_each_job_goes_to_one(store: &Arc<dyn Store>) {
    const JOBS: u64 = 60;
    let [one, two] = open(store, [1, 2]).await;
    for n in 0..JOBS {
        put(if n % 2 == 0 { &one } else { &two }, [schedule(n, NOW)]).await.unwrap();
    }
    let hauls = race(12, |n| {
        let store = Arc::clone(store);
        async move {
            let mut haul = Vec::new();
            loop {
                let taken = take(&store, n, NOW, 3).await;
                assert!(taken.len() <= 3 && taken.iter().all(|taken| taken.lease == lease(n)));
                if taken.is_empty() {
                    return haul;
                }
                haul.extend(taken);
            }
        }
    })
    .await;
    let mut taken: Vec<_> = hauls.into_iter().flatten().map(|taken| taken.name.subject).collect();
    // A worker may come while all that is left is in others' hands; what nobody took is still due.
    taken.extend(take(store, 99, NOW, 1_000).await.into_iter().map(|taken| taken.name.subject));
    let different: BTreeSet<_> = taken.iter().collect();
    assert_eq!((taken.len(), different.len()), (60, 60));
}

pub(super) async fn each_tenant_of_a_range_has_its_work(store: &Arc<dyn Store>) {
    let tenants = open(store, [1, 2, 3, 4]).await;
    let kind = JobKind::ForgetExpired;
    let name = JobName::of_tenant(kind);
    let at = |at| TenantWrite::ScheduleJob { name: name.clone(), at };
    put(&tenants[0], [at(NOW)]).await.unwrap();
    put(&tenants[1], [at(END)]).await.unwrap();
    put(&tenants[2], [schedule(1, END)]).await.unwrap();
    take(store, 1, NOW, 10).await;
    let ensure = |latest| PlatformWrite::EnsureJobs {
        kind,
        tenants: [tenants[0].id(), tenants[2].id()],
        at: after(3),
        latest,
    };
    for _ in 0..2 {
        store.commit(PlatformTx::new().with(ensure(END))).await.unwrap();
        let held = JobState::Leased { lease: lease(1), wanted_at: None };
        assert_eq!(only(&tenants[0]).await.state, held, "it is being done");
        assert_eq!(only(&tenants[1]).await.due_at, END, "it has its moment");
        let third = tenants[2].jobs().await.unwrap();
        let due: Vec<_> = third.iter().map(|job| (&job.name, job.due_at)).collect();
        assert_eq!(due, [(&name, after(3)), (&job(1), END)]);
        assert_eq!(tenants[3].jobs().await.unwrap(), [], "it is not in the range");
    }
    // Put off by a clock that was ahead.
    store.commit(PlatformTx::new().with(ensure(after(7)))).await.unwrap();
    assert_eq!(only(&tenants[1]).await.due_at, after(7));
    let held = only(&tenants[0]).await;
    assert_eq!((held.due_at, held.state), (after(7), JobState::Leased { lease: lease(1), wanted_at: None }));
    put(&tenants[0], [TenantWrite::EndLease { name: name.clone(), lease: lease(1), end: again(after(5)) }])
        .await
        .unwrap();
    assert_eq!(tenants[2].jobs().await.unwrap()[0].due_at, after(3));
}

/// What comes after the part of one tenant is above the tenants again.
pub(super) async fn work_is_taken_after_a_tenants_part(store: &Arc<dyn Store>) {
    let [one, two] = open(store, [1, 2]).await;
    for tenant in [&one, &two] {
        put(tenant, [schedule(1, NOW)]).await.unwrap();
    }
    let part = super::fixtures::tx([users::insert(&user(1))]);
    let tx = PlatformTx::new().with(PlatformWrite::Within(one.id(), part)).with(PlatformWrite::LeaseJobs {
        lease: lease(1),
        now: NOW,
        until: END,
        limit: 10,
    });
    assert_eq!(store.commit(tx).await.unwrap().leased.len(), 2);
}

/// What was asked for at a later moment, while a worker was at it that died, is not forgotten by the next.
pub(super) async fn a_wish_outlives_the_worker(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [schedule(1, NOW)]).await.unwrap();
    take(store, 1, NOW, 10).await;
    put(&tenant, [schedule(1, after(1_500))]).await.unwrap();
    take(store, 2, after(1_000), 10).await;
    put(&tenant, [end(1, 2, again(END))]).await.unwrap();
    assert_eq!(only(&tenant).await.due_at, after(1_500));
}

/// Leases are as unguessable as the bytes they are made of, and each bit counts.
pub(super) async fn a_lease_is_compared_whole(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let name = JobName { kind: JobKind::ForgetExpired, subject: application_id(1).to_string() };
    put(&tenant, [TenantWrite::ScheduleJob { name: name.clone(), at: NOW }]).await.unwrap();
    let taken = take(store, 1, NOW, 10).await;
    for index in 0..16 {
        let mut bytes = taken[0].lease.to_bytes();
        bytes[index] ^= 1;
        let lease = LeaseId::from_bytes(bytes);
        let write = TenantWrite::EndLease { name: name.clone(), lease, end: again(END) };
        assert_eq!(put(&tenant, [write]).await, Err(STALE));
    }
}
