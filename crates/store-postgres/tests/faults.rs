//! Lost connections, lost answers, locked and damaged rows.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

mod proxy;

use std::{sync::Arc, time::Duration};

use intelliauth_store::exam::fixtures::{ALL, END, audience, event, open_one, put, revocation, tenant, user};
use intelliauth_store::{Store, StoreError, TenantStore, TenantTx, TenantWrite, UserFilter};
use intelliauth_store_postgres::{
    Options, PostgresStore,
    fixture::{self, Database},
};
use proxy::{Cut, Proxy};

fn insert(n: u64) -> [TenantWrite; 1] {
    [TenantWrite::InsertUser(Box::new(user(n)))]
}

async fn open(url: &str, options: Options) -> Arc<dyn Store> {
    PostgresStore::connect(url, options).await.unwrap()
}

/// A store behind a proxy, and a way round it.
async fn behind(database: &Database, cut: Cut) -> (Proxy, Arc<dyn TenantStore>, Arc<dyn TenantStore>) {
    let proxy = Proxy::before(&database.url(), cut);
    let store = open(&proxy.url(&database.url()), Options::default()).await;
    let scoped = open_one(&store).await;
    let direct = open(&database.url(), Options::default()).await.scoped(tenant(1).id);
    (proxy, scoped, direct)
}

#[tokio::test]
async fn what_was_certainly_not_done_is_tried_again() {
    let database = fixture::database().await;
    for (n, cut) in [(1, Cut::Before("READ WRITE")), (2, Cut::Before("COMMIT\0"))] {
        let database = if n == 1 { &database } else { &fixture::database().await };
        let (proxy, scoped, direct) = behind(database, cut).await;
        proxy.arm(1);
        let outcome = put(&scoped, insert(1)).await;
        let there = direct.user(user(1).id).await.unwrap();
        if n == 1 {
            outcome.unwrap();
            assert_eq!((there, proxy.begun()), (Some(user(1)), 2));
        } else {
            // The server never saw this commit, but nobody on this side can know that.
            assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
            assert_eq!((there, proxy.begun()), (None, 1));
        }
        assert_eq!(scoped.user(user(2).id).await.unwrap(), None, "the pool goes on");
    }
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_not_repeated() {
    let database = fixture::database().await;
    let (proxy, scoped, direct) = behind(&database, Cut::After("COMMIT\0")).await;
    proxy.arm(1);
    let outcome = put(&scoped, insert(1)).await;
    assert!(
        matches!(&outcome, Err(StoreError::Unavailable(why)) if why.contains("not answered")),
        "{outcome:?}"
    );
    assert_eq!(proxy.begun(), 1, "it was not tried again");
    assert_eq!(direct.user(user(1).id).await.unwrap(), Some(user(1)), "and it was done");
}

#[tokio::test]
async fn a_read_is_tried_again_but_not_for_ever() {
    let database = fixture::database().await;
    let (proxy, scoped, _) = behind(&database, Cut::Before("READ ONLY")).await;
    put(&scoped, insert(1)).await.unwrap();
    proxy.arm(2);
    assert_eq!(scoped.user(user(1).id).await.unwrap(), Some(user(1)));
    proxy.arm(usize::MAX);
    assert!(matches!(scoped.user(user(1).id).await, Err(StoreError::Unavailable(_))));
    proxy.arm(0);
    assert_eq!(scoped.user(user(1).id).await.unwrap(), Some(user(1)));
}

#[tokio::test]
async fn a_row_locked_by_another_is_unavailable_and_recovers() {
    let database = fixture::database().await;
    let options = Options { lock_timeout: Duration::from_millis(20), ..Options::default() };
    let store = open(&database.url(), options).await;
    let scoped = open_one(&store).await;
    let other = database.meddler().await;
    other.batch_execute("BEGIN; UPDATE tenants SET name = 'theirs'").await.unwrap();
    let register = || [TenantWrite::InsertAudience(Box::new(audience(1)))];
    let refusal = put(&scoped, register()).await;
    assert!(matches!(refusal, Err(StoreError::Unavailable(_))), "{refusal:?}");
    assert_eq!(store.tenant(tenant(1).id).await.unwrap(), Some(tenant(1)), "reads go on");
    put(&scoped, insert(1)).await.unwrap();
    other.batch_execute("ROLLBACK").await.unwrap();
    put(&scoped, register()).await.unwrap();
}

/// What was given up must not be finished by whoever gets the connection next.
#[tokio::test]
async fn a_transaction_that_took_too_long_is_undone() {
    let database = fixture::database().await;
    let hurried = Options { pool_size: 1, patience: Duration::from_millis(200), ..Options::default() };
    let store = open(&database.url(), hurried).await;
    let scoped = open_one(&store).await;
    let other = database.meddler().await;
    other.batch_execute("BEGIN; UPDATE tenants SET name = 'theirs'").await.unwrap();
    let register = [TenantWrite::InsertAudience(Box::new(audience(1)))];
    let [made] = insert(1);
    let refusal = put(&scoped, [made].into_iter().chain(register)).await;
    assert!(matches!(refusal, Err(StoreError::Unavailable(_))), "{refusal:?}");
    other.batch_execute("ROLLBACK").await.unwrap();
    // On a busy machine these may need more than one go; the point is what they do not bring along.
    while put(&scoped, insert(2)).await.is_err() {}
    let direct = open(&database.url(), Options::default()).await.scoped(tenant(1).id);
    assert_eq!(direct.audiences().await.unwrap(), []);
    assert_eq!(direct.users(&UserFilter::default(), ALL).await.unwrap(), [user(2)]);
}

/// Forgetting leaves alone what another transaction is busy with, rather than wait for it.
#[tokio::test]
async fn forgetting_waits_for_nobody() {
    let database = fixture::database().await;
    let options = Options { lock_timeout: Duration::from_millis(20), ..Options::default() };
    let store = open(&database.url(), options).await;
    let scoped = open_one(&store).await;
    put(&scoped, (1..=3).map(|n| TenantWrite::AppendRevocation(revocation(n)))).await.unwrap();
    let other = database.meddler().await;
    other.batch_execute("BEGIN; SELECT 1 FROM revocations WHERE seq = 2 FOR UPDATE").await.unwrap();
    let forget = || [TenantWrite::ForgetExpired { now: END, limit: 10 }];
    assert_eq!(put(&scoped, forget()).await.unwrap().forgotten, 2);
    other.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(put(&scoped, forget()).await.unwrap().forgotten, 1);
}

/// A caller that goes away leaves neither a transaction open nor a connection lost.
#[tokio::test]
async fn what_was_begun_is_finished_though_nobody_waits() {
    let database = fixture::database().await;
    let options = Options { pool_size: 2, ..Options::default() };
    let store = open(&database.url(), options).await;
    let scoped = open_one(&store).await;
    for n in 1..=50 {
        let writes = insert(n).into_iter().fold(TenantTx::new(), TenantTx::with);
        let mut commit = scoped.commit(writes);
        // One poll hands it over; then the caller goes away.
        let _ = commit.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    }
    // The pool serves in order of arrival, so this comes after all of them have a connection.
    for _ in 0..2 {
        store.ping().await.unwrap();
    }
    let busy = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND usename = 'intelliauth_app' AND xact_start IS NOT NULL";
    let meddler = database.meddler().await;
    loop {
        if meddler.query_one(busy, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(scoped.users(&UserFilter::default(), ALL).await.unwrap().len(), 50);
}

#[tokio::test]
async fn a_damaged_row_is_corrupt_and_does_not_show_what_it_holds() {
    let database = fixture::database().await;
    let store = open(&database.url(), Options::default()).await;
    let scoped = open_one(&store).await;
    put(&scoped, insert(1)).await.unwrap();
    put(&scoped, [TenantWrite::AppendEvent(Box::new(event(1)))]).await.unwrap();
    let other = database.meddler().await;
    for column in ["profile", "email"] {
        let before: String =
            other.query_one(&format!("SELECT {column} FROM users"), &[]).await.unwrap().get(0);
        other.batch_execute(&format!("UPDATE users SET {column} = 'personal secret'")).await.unwrap();
        let errors = [
            scoped.user(user(1).id).await.unwrap_err(),
            scoped.users(&UserFilter::default(), ALL).await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(&error, StoreError::Corrupt(_)), "{error}");
            assert!(error.to_string().contains(column), "{error}");
            assert!(!format!("{error} {error:?}").contains("personal"), "{error}");
        }
        other.execute(&format!("UPDATE users SET {column} = $1"), &[&before]).await.unwrap();
        scoped.user(user(1).id).await.unwrap();
    }
    for damage in ["kind = 'never.heard'", "actor_kind = 'ghost'", "outcome = 'x'", "actor_id = 'usr_1'"] {
        other.batch_execute(&format!("UPDATE events SET {damage}")).await.unwrap();
        assert!(matches!(scoped.events(ALL).await, Err(StoreError::Corrupt(_))), "{damage}");
    }
}

/// PostgreSQL has no U+0000 in texts: nothing with one is found, and nothing with one is stored in part.
#[tokio::test]
async fn a_text_that_cannot_be_stored_is_refused_whole() {
    let database = fixture::database().await;
    let store = open(&database.url(), Options::default()).await;
    let scoped = open_one(&store).await;
    let mut line = event(1);
    line.data = "a\0b".to_owned();
    let [made] = insert(1);
    let refusal = put(&scoped, [made, TenantWrite::AppendEvent(Box::new(line))]).await;
    assert!(matches!(refusal, Err(StoreError::Corrupt(_))), "{refusal:?}");
    let filter = UserFilter { email_prefix: Some("\0".to_owned()) };
    assert_eq!(scoped.users(&filter, ALL).await.unwrap(), []);
    assert_eq!(scoped.users(&UserFilter::default(), ALL).await.unwrap(), []);
    assert_eq!(store.tenant_by_authority("a\0").await.unwrap(), None);
}
