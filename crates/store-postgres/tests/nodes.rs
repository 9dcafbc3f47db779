//! Two nodes on one database: what may happen once happens once, and what goes together stays together.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use std::sync::Arc;

use intelliauth_model::{ApplicationId, SingleUseKind, Version};
use intelliauth_store::exam::fixtures::{
    ALL, END, NOW, application, hash, job, lease, open_one, put, revocation, secret, session, single_use,
    tenant, user, user_id,
};
use intelliauth_store::{Entity, PlatformTx, PlatformWrite, Store, StoreError, TenantStore, TenantWrite};
use intelliauth_store_postgres::{
    Options, PostgresStore,
    fixture::{self, Database},
};
use tokio::task::JoinSet;

const CODE: SingleUseKind = SingleUseKind::AuthorizationCode;

/// The same tenant on two nodes.
async fn two_nodes(database: &Database) -> [Arc<dyn TenantStore>; 2] {
    let first: Arc<dyn Store> = PostgresStore::connect(&database.url(), Options::default()).await.unwrap();
    let second = PostgresStore::connect(&database.url(), Options::default()).await.unwrap();
    [open_one(&first).await, second.scoped(tenant(1).id)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_redemptions_on_two_nodes_one_succeeds() {
    let database = fixture::database().await;
    let nodes = two_nodes(&database).await;
    for round in 0..5 {
        put(&nodes[0], [TenantWrite::InsertSingleUse(Box::new(single_use(round, CODE)))]).await.unwrap();
        let mut tasks = JoinSet::new();
        for n in 0..100 {
            let node = Arc::clone(&nodes[n % 2]);
            tasks.spawn(async move {
                put(&node, [TenantWrite::ConsumeSingleUse { kind: CODE, hash: hash(round), now: NOW }]).await
            });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        for refusal in results.into_iter().filter_map(Result::err) {
            assert_eq!(refusal, StoreError::Stale(Entity::SingleUse));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_session_begun_while_its_user_is_deleted_goes_with_it_or_never_begins() {
    let database = fixture::database().await;
    let [first, second] = two_nodes(&database).await;
    for n in 1..=60 {
        put(&first, [TenantWrite::InsertUser(Box::new(user(n)))]).await.unwrap();
        put(&first, [TenantWrite::InsertSession(Box::new(session(2 * n, n)))]).await.unwrap();
        let beginning = put(&second, [TenantWrite::InsertSession(Box::new(session(2 * n + 1, n)))]);
        let delete = put(&first, [TenantWrite::DeleteUser { id: user_id(n), expected: Version::FIRST }]);
        let (begun, deleted) = tokio::join!(beginning, delete);
        deleted.unwrap();
        assert!(matches!(begun, Ok(_) | Err(StoreError::Stale(Entity::User))), "{begun:?}");
        assert_eq!(first.sessions_of(user_id(n), ALL).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_secret_added_while_its_application_is_deleted_goes_with_it_or_never_comes() {
    let database = fixture::database().await;
    let [first, second] = two_nodes(&database).await;
    for n in 1..=60 {
        let id: ApplicationId = application(n).id;
        put(&first, [TenantWrite::InsertApplication(Box::new(application(n)))]).await.unwrap();
        let add = put(&second, [TenantWrite::InsertClientSecret(Box::new(secret(n, n)))]);
        let delete = put(&first, [TenantWrite::DeleteApplication { id, expected: Version::FIRST }]);
        let (added, deleted) = tokio::join!(add, delete);
        deleted.unwrap();
        assert!(matches!(added, Ok(_) | Err(StoreError::Stale(Entity::Application))), "{added:?}");
        assert_eq!(first.client_secrets(id).await.unwrap(), []);
    }
}

/// A reader that follows the log by number must never see a number before all smaller ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn revocations_of_two_nodes_become_visible_in_order() {
    let database = fixture::database().await;
    let nodes = two_nodes(&database).await;
    let mut tasks = JoinSet::new();
    for n in 0..8_u64 {
        let node = Arc::clone(&nodes[usize::try_from(n).unwrap() % 2]);
        tasks.spawn(async move {
            for k in 0..25 {
                put(&node, [TenantWrite::AppendRevocation(revocation(n * 100 + k))]).await.unwrap();
            }
        });
    }
    let mut seen = 0;
    while seen < 200 {
        for line in nodes[0].revocations_after(seen, 1000).await.unwrap() {
            assert_eq!(line.seq, seen + 1, "a number was seen before a smaller one");
            seen = line.seq;
        }
    }
    tasks.join_all().await;
    assert_eq!(nodes[1].versions().await.unwrap().revocations, 200);
}

/// Two nodes that tidy up at once share the work and wait for nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_forget_each_row_once() {
    let database = fixture::database().await;
    let nodes = two_nodes(&database).await;
    for n in 0..50 {
        put(&nodes[0], [TenantWrite::InsertSingleUse(Box::new(single_use(n, CODE)))]).await.unwrap();
    }
    let mut forgotten = 0;
    while forgotten < 50 {
        let forget = |node| put(node, [TenantWrite::ForgetExpired { now: END, limit: 10 }]);
        let (one, two) = tokio::join!(forget(&nodes[0]), forget(&nodes[1]));
        let (one, two) = (one.unwrap().forgotten, two.unwrap().forgotten);
        assert!(one <= 10 && two <= 10, "{one} {two}");
        forgotten += one + two;
    }
    assert_eq!(forgotten, 50);
}

/// A newer release on the same database has work of its own, and this one goes on with what it knows.
#[tokio::test]
async fn bug_work_of_a_newer_release_stopped_all_work() {
    let database = fixture::database().await;
    let store: Arc<dyn Store> = PostgresStore::connect(&database.url(), Options::default()).await.unwrap();
    let tenant = open_one(&store).await;
    let newer = "INSERT INTO jobs SELECT id, 'send_mail', '', 0, NULL, NULL, 0 FROM tenants";
    database.meddler().await.batch_execute(newer).await.unwrap();
    assert_eq!(store.next_job_at().await.unwrap(), None);
    put(&tenant, [TenantWrite::ScheduleJob { name: job(1), at: NOW }]).await.unwrap();
    let take = PlatformWrite::LeaseJobs { lease: lease(1), now: END, until: END, limit: 10 };
    let taken = store.commit(PlatformTx::new().with(take)).await.unwrap().leased;
    assert_eq!(taken.len(), 1);
    assert_eq!(tenant.jobs().await.unwrap().len(), 1);
}
