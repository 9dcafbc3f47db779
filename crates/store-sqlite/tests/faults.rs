//! A locked file, damaged rows, and a store dropped in the middle of its work.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use std::{
    future::Future,
    path::Path,
    pin::pin,
    sync::Arc,
    task::{Context, Waker},
    time::Duration,
};

use intelliauth_store::exam::fixtures::{ALL, event, open_one, put, tenant, user};
use intelliauth_store::{Store, StoreError, TenantTx, TenantWrite, UserFilter};
use intelliauth_store_sqlite::{Options, SqliteStore};
use rusqlite::Connection;
use tempfile::tempdir;

fn insert(n: u64) -> [TenantWrite; 1] {
    [TenantWrite::InsertUser(Box::new(user(n)))]
}

fn open(path: &Path, options: Options) -> Arc<dyn Store> {
    SqliteStore::open(path, options).unwrap()
}

#[tokio::test]
async fn a_file_locked_by_another_process_is_unavailable_and_recovers() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let store = open(&path, Options { busy_timeout: Duration::from_millis(5), ..Options::default() });
    let scoped = open_one(&store).await;
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; UPDATE tenants SET name = 'theirs';").unwrap();
    let refusal = put(&scoped, insert(1)).await;
    assert!(matches!(refusal, Err(StoreError::Unavailable(_))), "{refusal:?}");
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert_eq!(store.tenant(tenant(1).id).await.unwrap(), Some(tenant(1)), "reads go on");
    other.execute_batch("ROLLBACK").unwrap();
    put(&scoped, insert(1)).await.unwrap();
    store.ping().await.unwrap();
}

#[tokio::test]
async fn a_damaged_row_is_corrupt_and_does_not_show_what_it_holds() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let store = open(&path, Options::default());
    let scoped = open_one(&store).await;
    put(&scoped, insert(1)).await.unwrap();
    put(&scoped, [TenantWrite::AppendEvent(Box::new(event(1)))]).await.unwrap();
    let other = Connection::open(&path).unwrap();
    for column in ["profile", "email"] {
        let before: String =
            other.query_row(&format!("SELECT {column} FROM users"), [], |row| row.get(0)).unwrap();
        other.execute(&format!("UPDATE users SET {column} = 'personal secret'"), []).unwrap();
        let errors = [
            scoped.user(user(1).id).await.unwrap_err(),
            scoped.users(&UserFilter::default(), ALL).await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(&error, StoreError::Corrupt(_)), "{error}");
            assert!(error.to_string().contains(column), "{error}");
            assert!(!format!("{error} {error:?}").contains("personal"), "{error}");
        }
        other.execute(&format!("UPDATE users SET {column} = ?1"), [before]).unwrap();
        scoped.user(user(1).id).await.unwrap();
    }
    for damage in ["kind = 'never.heard'", "actor_kind = 'ghost'", "outcome = 'x'", "actor_id = 'usr_1'"] {
        other.execute_batch(&format!("SAVEPOINT undo; UPDATE events SET {damage}; RELEASE undo;")).unwrap();
        assert!(matches!(scoped.events(ALL).await, Err(StoreError::Corrupt(_))), "{damage}");
    }
}

/// What was handed over is finished although nobody waits for it any more.
#[tokio::test]
async fn dropping_the_store_finishes_what_was_begun() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let store = open(&path, Options::default());
    let scoped = open_one(&store).await;
    // Fewer than tokio lets one task do before it must yield.
    for n in 1..=100 {
        let tx = insert(n).into_iter().fold(TenantTx::new(), TenantTx::with);
        let mut commit = pin!(scoped.commit(tx));
        // One poll puts it into the queue; then the caller goes away.
        let _ = commit.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    drop((store, scoped));
    let store = open(&path, Options::default());
    let users = store.scoped(tenant(1).id).users(&UserFilter::default(), ALL).await.unwrap();
    assert_eq!(users.len(), 100);
}
