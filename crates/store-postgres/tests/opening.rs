//! Opening a database: schema versions, nodes that start together, roles that may not change the schema.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test's helpers are test code")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use intelliauth_store::exam::fixtures::{open_one, put, tenant, user};
use intelliauth_store::{KnownMigration, Store, TenantWrite};
use intelliauth_store_postgres::{
    OpenError, Options, PostgresStore,
    fixture::{self, Database},
};

async fn refusal(url: &str, options: Options) -> OpenError {
    PostgresStore::connect(url, options).await.expect_err("it must not open")
}

async fn meddle(database: &Database, sql: &str) {
    database.meddler().await.batch_execute(sql).await.unwrap();
}

const LOOK_ONLY: Options = Options { migrate: false, ..DEFAULT };
/// `Options::default()`, which is not `const`.
const DEFAULT: Options = Options {
    pool_size: 4,
    pool_patience: Duration::from_secs(2),
    connect_timeout: Duration::from_secs(3),
    statement_timeout: Duration::from_secs(5),
    lock_timeout: Duration::from_secs(3),
    patience: Duration::from_secs(10),
    migrate: true,
    migration_patience: Duration::from_mins(1),
};

#[tokio::test]
async fn a_fresh_database_is_migrated_once_and_keeps_what_it_is_given() {
    let database = fixture::database().await.bare().await;
    let store: Arc<dyn Store> = PostgresStore::connect(&database.owner_url(), DEFAULT).await.unwrap();
    let scoped = open_one(&store).await;
    put(&scoped, [TenantWrite::InsertUser(Box::new(user(1)))]).await.unwrap();
    drop((store, scoped));
    for options in [DEFAULT, LOOK_ONLY] {
        let store = PostgresStore::connect(&database.url(), options).await.unwrap();
        assert_eq!(store.scoped(tenant(1).id).user(user(1).id).await.unwrap(), Some(user(1)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_together_migrate_once() {
    let database = fixture::database().await.bare().await;
    let url = database.owner_url();
    let ran = Arc::new(Mutex::new(Vec::new()));
    let starts = (0..8).map(|_| {
        let (url, ran) = (url.clone(), Arc::clone(&ran));
        tokio::spawn(async move {
            let told = |migration: &KnownMigration| ran.lock().unwrap().push(migration.version);
            PostgresStore::migrate(&url, DEFAULT, &told).await
        })
    });
    for start in starts.collect::<Vec<_>>() {
        start.await.unwrap().unwrap();
    }
    let meddler = database.meddler().await;
    let row = meddler.query_one("SELECT count(*), max(version) FROM schema_migrations", &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), row.get::<_, i64>(1));
    assert_eq!(*ran.lock().unwrap(), (1..=row.get::<_, i64>(1)).collect::<Vec<_>>());
    let row = meddler.query_one("SELECT holder IS NULL FROM schema_lock", &[]).await.unwrap();
    assert!(row.get::<_, bool>(0), "the lease is given back");
}

/// Whoever looks changes nothing, may do so with few rights, and sees who is at it.
#[tokio::test]
async fn a_look_at_the_schema_tells_what_is_missing() {
    let database = fixture::database().await.bare().await;
    let look = async || PostgresStore::schema(&database.owner_url(), DEFAULT).await.unwrap();
    let state = look().await;
    assert_eq!((state.found, state.busy), (0, false));
    assert_eq!(state.pending().count(), state.known.len());
    assert_eq!(look().await, state, "nothing was made by looking");
    PostgresStore::migrate(&database.owner_url(), DEFAULT, &|_| {}).await.unwrap();
    meddle(&database, "DELETE FROM schema_migrations WHERE version > 1").await;
    let state = look().await;
    let pending: Vec<_> = state.pending().map(|one| one.version).collect();
    assert_eq!(pending, (2..=state.known.last().unwrap().version).collect::<Vec<_>>());
    meddle(&database, "UPDATE schema_lock SET expires_at = clock_timestamp() + interval '1 minute'").await;
    assert!(PostgresStore::schema(&database.url(), DEFAULT).await.unwrap().busy);
}

/// A node died while it held the right to migrate: its lease ends, and nobody waits for ever.
#[tokio::test]
async fn a_lease_that_is_over_is_taken_and_one_that_is_not_is_waited_for() {
    let database = fixture::database().await.bare().await;
    meddle(
        &database,
        "CREATE TABLE schema_lock (id INTEGER PRIMARY KEY, holder UUID, expires_at TIMESTAMPTZ);
         GRANT ALL ON schema_lock TO intelliauth_owner;
         INSERT INTO schema_lock VALUES (1, gen_random_uuid(), clock_timestamp() + interval '1 hour')",
    )
    .await;
    let hurried = Options { migration_patience: Duration::from_millis(300), ..DEFAULT };
    let refused = refusal(&database.owner_url(), hurried).await;
    assert!(matches!(refused, OpenError::Busy), "{refused}");
    meddle(&database, "UPDATE schema_lock SET expires_at = clock_timestamp() - interval '1 second'").await;
    PostgresStore::connect(&database.owner_url(), DEFAULT).await.unwrap();
}

#[tokio::test]
async fn a_role_that_may_not_migrate_says_so() {
    let database = fixture::database().await.bare().await;
    let refused = refusal(&database.url(), LOOK_ONLY).await;
    assert!(matches!(refused, OpenError::OldSchema { found: 0, .. }), "{refused}");
    assert!(refused.to_string().contains("intelliauth migrate"), "{refused}");
    let refused = refusal(&database.url(), DEFAULT).await;
    assert!(
        matches!(&refused, OpenError::Migration(text) if text.contains("permission denied")),
        "{refused}"
    );
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let database = fixture::database().await;
    meddle(&database, "INSERT INTO schema_migrations VALUES (9999, 'from the future', 'x')").await;
    for options in [DEFAULT, LOOK_ONLY] {
        let refused = refusal(&database.url(), options).await;
        assert!(matches!(refused, OpenError::FutureSchema { found: 9999, .. }), "{refused}");
        let text = refused.to_string();
        assert!(text.contains("9999") && !text.contains('\n'), "{text}");
    }
    meddle(&database, "DELETE FROM schema_migrations WHERE version = 9999").await;
    PostgresStore::connect(&database.url(), LOOK_ONLY).await.unwrap();
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    let database = fixture::database().await;
    meddle(&database, "UPDATE schema_migrations SET checksum = 'tampered' WHERE version = 1").await;
    let refused = refusal(&database.url(), LOOK_ONLY).await;
    assert!(matches!(&refused, OpenError::ChangedMigration { version: 1, name } if name == "foundation"));
}

#[tokio::test]
async fn tables_of_others_are_refused_untouched() {
    let database = fixture::database().await.bare().await;
    meddle(&database, "CREATE TABLE bookmarks (url TEXT)").await;
    let refused = refusal(&database.owner_url(), DEFAULT).await;
    assert!(matches!(refused, OpenError::Foreign), "{refused}");
    meddle(&database, "INSERT INTO bookmarks VALUES ('still mine')").await;
    let others = database.meddler().await;
    let tables = others.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", &[]).await.unwrap();
    assert_eq!(tables.len(), 1);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable_and_no_secret_is_shown() {
    let refused = refusal("postgresql://ada:geheim@127.0.0.1:1/x", DEFAULT).await;
    assert!(matches!(refused, OpenError::Unreachable(_)), "{refused}");
    assert!(!format!("{refused} {refused:?}").contains("geheim"));
}
