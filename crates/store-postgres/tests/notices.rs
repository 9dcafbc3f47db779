//! Notices of changed configuration: after the commit, never without one, and again after a lost connection.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test's helpers are test code")]

use std::{sync::Arc, time::Duration};

use intelliauth_store::exam::fixtures::{audience, open, put, revocation, tenant, user};
use intelliauth_store::{PlatformTx, PlatformWrite, Store, TenantWrite};
use intelliauth_store_postgres::{Listener, Notice, Options, PostgresStore, fixture};

fn register(n: u64) -> TenantWrite {
    TenantWrite::InsertAudience(Box::new(audience(n)))
}

/// A notice that never comes fails the test instead of keeping it for ever.
async fn next(listener: &mut Listener) -> Option<Notice> {
    tokio::time::timeout(Duration::from_secs(30), listener.next()).await.expect("a notice")
}

#[tokio::test]
async fn a_notice_comes_after_the_commit_and_not_after_a_rollback() {
    let database = fixture::database().await;
    let first = PostgresStore::connect(&database.url(), Options::default()).await.unwrap();
    let second: Arc<dyn Store> = PostgresStore::connect(&database.url(), Options::default()).await.unwrap();
    let mut listener = first.listen();
    assert_eq!(next(&mut listener).await, Some(Notice::Everything), "what came before is not known");

    let [a, b] = open(&second, [1, 2]).await;
    put(&a, [register(1)]).await.unwrap();
    assert_eq!(next(&mut listener).await, Some(Notice::Tenant(a.id())));
    assert_eq!(first.scoped(a.id()).audiences().await.unwrap(), [audience(1)], "it can be read by then");

    // Neither of these is told, so the next notice is that of another tenant.
    put(&a, [register(2), register(1)]).await.unwrap_err();
    put(&a, [TenantWrite::InsertUser(Box::new(user(1)))]).await.unwrap();
    put(&b, [register(1), TenantWrite::AppendRevocation(revocation(1))]).await.unwrap();
    assert_eq!(next(&mut listener).await, Some(Notice::Tenant(b.id())));

    let within = intelliauth_store::TenantTx::new().with(register(3));
    second.commit(PlatformTx::new().with(PlatformWrite::Within(tenant(1).id, within))).await.unwrap();
    assert_eq!(
        next(&mut listener).await,
        Some(Notice::Tenant(a.id())),
        "once a transaction, also from above"
    );
}

#[tokio::test]
async fn a_lost_connection_is_made_again_and_told() {
    let database = fixture::database().await;
    let store = PostgresStore::connect(&database.url(), Options::default()).await.unwrap();
    let whole: Arc<dyn Store> = Arc::clone(&store) as _;
    let [tenant] = open(&whole, [1]).await;
    let mut listener = store.listen();
    assert_eq!(next(&mut listener).await, Some(Notice::Everything));
    let meddler = database.meddler().await;
    for n in 1..=3 {
        let killed = meddler
            .query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND query LIKE 'LISTEN%'",
                &[],
            )
            .await
            .unwrap();
        assert_eq!(killed.len(), 1);
        assert_eq!(next(&mut listener).await, Some(Notice::Everything), "some may have been missed");
        put(&tenant, [register(n)]).await.unwrap();
        assert_eq!(next(&mut listener).await, Some(Notice::Tenant(tenant.id())));
    }
    meddler.batch_execute("NOTIFY intelliauth, 'nonsense'; NOTIFY others, 'x'").await.unwrap();
    assert_eq!(next(&mut listener).await, Some(Notice::Everything));
}

#[tokio::test]
async fn a_listener_that_is_dropped_lets_its_connection_go() {
    let database = fixture::database().await;
    let store = PostgresStore::connect(&database.url(), Options::default()).await.unwrap();
    let mut listener = store.listen();
    next(&mut listener).await.unwrap();
    drop(listener);
    let meddler = database.meddler().await;
    let listening = "SELECT 1 FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    while !meddler.query(listening, &[]).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
}
