//! Opening a file: schema versions, permissions, the lock of the server.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use std::path::Path;

use intelliauth_store::exam::fixtures::{open_one, put, tenant, user};
use intelliauth_store::{Store, TenantWrite};
use intelliauth_store_sqlite::{LockError, OpenError, Options, ServerLock, SqliteStore};
use rusqlite::Connection;
use tempfile::tempdir;

fn refusal(path: &Path) -> OpenError {
    SqliteStore::open(path, Options::default()).unwrap_err()
}

/// Changes a file behind the store's back.
fn meddle(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[tokio::test]
async fn a_fresh_file_keeps_what_it_is_given() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let store: std::sync::Arc<dyn Store> = SqliteStore::open(&path, Options::default()).unwrap();
    let scoped = open_one(&store).await;
    put(&scoped, [TenantWrite::InsertUser(Box::new(user(1)))]).await.unwrap();
    drop((store, scoped));
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    assert_eq!(store.scoped(tenant(1).id).user(user(1).id).await.unwrap(), Some(user(1)));
}

#[test]
fn a_path_is_only_a_path() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("file:odd name?mode=memory");
    drop(SqliteStore::open(&path, Options::default()).unwrap());
    assert!(path.exists());
}

#[test]
fn a_newer_schema_is_refused() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    drop(SqliteStore::open(&path, Options::default()).unwrap());
    meddle(&path, "INSERT INTO schema_migrations VALUES (9999, 'from the future', 'x')");
    let error = refusal(&path);
    assert!(matches!(error, OpenError::FutureSchema { found: 9999, .. }), "{error}");
    assert!(error.to_string().contains("9999"), "{error}");
    meddle(&path, "DELETE FROM schema_migrations WHERE version = 9999");
    SqliteStore::open(&path, Options::default()).unwrap();
}

#[test]
fn a_look_at_the_schema_changes_nothing() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    assert!(SqliteStore::schema(&path).is_err());
    assert!(!path.exists());
    let ran = std::sync::Mutex::new(Vec::new());
    let migrate = || SqliteStore::migrate(&path, &|one| ran.lock().unwrap().push(one.version)).unwrap();
    migrate();
    migrate();
    let state = SqliteStore::schema(&path).unwrap();
    assert_eq!((state.found, state.busy), (state.known.last().unwrap().version, false));
    assert_eq!(*ran.lock().unwrap(), (1..=state.found).collect::<Vec<_>>(), "each once");
    meddle(&path, "DELETE FROM schema_migrations WHERE version > 1");
    for _ in 0..2 {
        let state = SqliteStore::schema(&path).unwrap();
        assert_eq!(state.pending().map(|one| one.version).collect::<Vec<_>>(), ran.lock().unwrap()[1..]);
    }
}

#[test]
fn a_changed_migration_is_refused() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    drop(SqliteStore::open(&path, Options::default()).unwrap());
    meddle(&path, "UPDATE schema_migrations SET checksum = 'tampered' WHERE version = 1");
    let error = refusal(&path);
    assert!(matches!(&error, OpenError::ChangedMigration { version: 1, name } if name == "foundation"));
    assert!(error.to_string().contains("foundation"), "{error}");
}

#[test]
fn files_of_others_and_nonsense_are_refused_untouched() {
    let directory = tempdir().unwrap();
    let foreign = directory.path().join("foreign.db");
    meddle(&foreign, "CREATE TABLE bookmarks (url TEXT)");
    assert!(matches!(refusal(&foreign), OpenError::Foreign));
    meddle(&foreign, "INSERT INTO bookmarks VALUES ('still mine')");

    let text = directory.path().join("notes.txt");
    std::fs::write(&text, "this is no database, but it is long enough to look at\n".repeat(100)).unwrap();
    assert!(matches!(refusal(&text), OpenError::Sqlite(_)));
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("this is no database"));

    assert!(matches!(refusal(&directory.path().join("no/such/directory/store.db")), OpenError::Io { .. }));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store.db"), Options::default()).unwrap();
    store.ping().await.unwrap();
    let _lock = ServerLock::acquire(directory.path()).unwrap();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        names.push(entry.file_name());
    }
    names.sort();
    assert_eq!(names, ["server.lock", "store.db", "store.db-shm", "store.db-wal"]);
}

#[test]
fn one_server_at_a_time() {
    let directory = tempdir().unwrap();
    let first = ServerLock::acquire(directory.path()).unwrap();
    assert!(matches!(ServerLock::acquire(directory.path()), Err(LockError::Held(_))));
    drop(first);
    ServerLock::acquire(directory.path()).unwrap();
    assert!(matches!(ServerLock::acquire(&directory.path().join("none")), Err(LockError::Io { .. })));
}

/// The server and the command line start together on a directory that is still empty.
#[test]
fn many_may_make_the_same_file_at_once() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| SqliteStore::open(&path, Options::default()).map(drop))).collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    });
}
