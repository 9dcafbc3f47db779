//! The whole store as rows: nothing is forgotten, nothing half done, nobody writes meanwhile.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use intelliauth_model::Rng;
use intelliauth_store::archive::{Column, Kind, MoveError, NOT_MOVED, Stage, TABLES, relocate};
use intelliauth_store::exam::fixtures::{ALL, organisation};
use intelliauth_store::exam::whole::{self, hash};
use intelliauth_store::{PlatformTx, PlatformWrite, Store, StoreError};
use intelliauth_store_postgres::{
    NodeId, OpenError, Options, PostgresDestination, PostgresSource, PostgresStore,
    fixture::{self, Database},
};

/// As an operator has it who keeps two roles apart.
fn as_app() -> Options {
    Options { migrate: false, ..Options::default() }
}

async fn store(database: &Database) -> Arc<dyn Store> {
    PostgresStore::connect(&database.url(), as_app()).await.unwrap()
}

/// A database with something in itand what was in it.
async fn filled() -> (Database, Vec<String>) {
    let database = fixture::database().await;
    let contents = {
        let store = store(&database).await;
        whole::fill(&store).await;
        whole::contents(&store).await
    };
    (database, contents)
}

async fn source(database: &Database) -> PostgresSource {
    PostgresSource::open(&database.url(), &as_app()).await.unwrap()
}

async fn destination(database: &Database) -> Box<PostgresDestination> {
    Box::new(PostgresDestination::create(&database.url(), &as_app()).await.unwrap())
}

#[tokio::test]
async fn every_table_and_column_is_on_the_list() {
    let database = fixture::database().await;
    let sql = "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text
         FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for row in database.meddler().await.query(sql, &[]).await.unwrap() {
        let [table, column, kind, nullable] = [0, 1, 2, 3].map(|index| row.get::<_, String>(index));
        found.entry(table).or_default().push(format!("{column} {kind} {nullable}"));
    }
    found.retain(|table, _| !NOT_MOVED.contains(&table.as_str()));
    let spell = |column: &Column| {
        let kind = match column.kind {
            Kind::Id => "uuid",
            Kind::Bytes => "bytea",
            Kind::Text => "text",
            Kind::Number => "bigint",
            Kind::Flag => "boolean",
        };
        format!("{} {kind} {}", column.name, if column.nullable { "YES" } else { "NO" })
    };
    let listed: BTreeMap<String, Vec<String>> = TABLES
        .iter()
        .map(|table| (table.name.to_owned(), table.columns.iter().map(spell).collect()))
        .collect();
    assert_eq!(found, listed);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_as_it_was() {
    let (from, before) = filled().await;
    let to = fixture::database().await;
    let tables = relocate(&mut source(&from).await, destination(&to).await, hash, &mut |_| {}).await.unwrap();
    assert!(tables.iter().all(|table| table.digest.rows > 0), "{tables:?}");
    let store = store(&to).await;
    assert_eq!(whole::contents(&store).await, before);
    whole::remembers(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_holds_something_is_not_filled() {
    let (database, _) = filled().await;
    let refusal = PostgresDestination::create(&database.url(), &as_app()).await.err().unwrap();
    assert!(matches!(refusal, OpenError::Taken("organisations")), "{refusal}");
}

struct Counting;

impl Rng for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Whatever its connections are called and whatever pooler they come through.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_running_nodes_is_not_moved() {
    let (from, _) = filled().await;
    let node = PostgresStore::connect(&from.url(), as_app()).await.unwrap();
    let id = NodeId::new(&Counting);
    for _ in 0..2 {
        node.node_is_here(id).await.unwrap();
        let refusal = PostgresSource::open(&from.url(), &as_app()).await.err().unwrap();
        assert!(matches!(refusal, OpenError::InUse(1)), "{refusal}");
    }
    node.node_is_gone(id).await.unwrap();
    source(&from).await;
    // It was killed: it counts until its minute is over.
    node.node_is_here(id).await.unwrap();
    let later = "UPDATE nodes SET seen_until = clock_timestamp() - interval '1 millisecond'";
    assert!(PostgresSource::open(&from.url(), &as_app()).await.is_err());
    from.meddler().await.batch_execute(later).await.unwrap();
    source(&from).await;

    let empty = fixture::database().await;
    let node = PostgresStore::connect(&empty.url(), as_app()).await.unwrap();
    node.node_is_here(id).await.unwrap();
    let refusal = PostgresDestination::create(&empty.url(), &as_app()).await.err().unwrap();
    assert!(matches!(refusal, OpenError::InUse(1)), "{refusal}");
}

/// Whoever comes while a move is under way waits, and is told to come again.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_while_the_source_is_read() {
    let (database, _) = filled().await;
    let held = source(&database).await;
    let options =
        Options { lock_timeout: Duration::from_millis(50), patience: Duration::from_millis(500), ..as_app() };
    let late: Arc<dyn Store> = PostgresStore::connect(&database.url(), options).await.unwrap();
    let write = || PlatformTx::new().with(PlatformWrite::InsertOrganisation(Box::new(organisation(7))));
    assert!(matches!(late.commit(write()).await, Err(StoreError::Unavailable(_))));
    assert_eq!(late.tenants(ALL).await.unwrap().len(), 3, "it may look");
    let node = PostgresStore::connect(&database.url(), options).await.unwrap();
    assert!(node.node_is_here(NodeId::new(&Counting)).await.is_err(), "no node begins to serve meanwhile");
    drop(held);
    nodes_can_write(&late, write).await;
}

async fn nodes_can_write(store: &Arc<dyn Store>, write: impl Fn() -> PlatformTx) {
    let mut tries = 0;
    while store.commit(write()).await.is_err() {
        tries += 1;
        assert!(tries < 50, "the lock outlives the move");
    }
}

/// The connection is cut when everything but the end has been sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_is_interrupted_leaves_nothing() {
    let (from, _) = filled().await;
    let to = fixture::database().await;
    let killer = to.meddler().await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'intelliauth-move'";
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let destination = destination(&to).await;
    let mut source = source(&from).await;
    let mut report = |progress: intelliauth_store::archive::Progress| {
        let _ = tell.send(progress.done);
    };
    let moving = async { relocate(&mut source, destination, hash, &mut report).await };
    let cutting = async {
        while told.recv().await.is_some_and(|done| done == 0) {}
        assert_eq!(killer.query(kill, &[]).await.unwrap().len(), 1);
    };
    let (moved, ()) = tokio::join!(moving, cutting);
    assert!(matches!(moved, Err(MoveError::Destination(StoreError::Unavailable(_)))), "{moved:?}");
    let store = store(&to).await;
    assert_eq!(store.organisations(ALL).await.unwrap(), []);
    assert_eq!(store.tenants(ALL).await.unwrap(), []);
    drop(store);
    PostgresDestination::create(&to.url(), &as_app()).await.map(drop).unwrap();
}

/// What kept others from writing to the source went with its connection, and the move went on and was done.
#[tokio::test(flavor = "multi_thread")]
async fn bug_a_move_went_on_when_its_source_was_gone() {
    let (from, _) = filled().await;
    let to = fixture::database().await;
    let (killer, destination) = (from.meddler().await, destination(&to).await);
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'intelliauth-move'";
    let mut source = source(&from).await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut cut = false;
    let mut report = |progress: intelliauth_store::archive::Progress| {
        if progress.stage == Stage::Verifying && !cut {
            cut = true;
            let _ = tell.send(());
        }
        // The last table is read back only when the connection has been cut.
        while cut && progress.done == progress.total && !tell.is_closed() {
            std::thread::yield_now();
        }
    };
    let moving = async { relocate(&mut source, destination, hash, &mut report).await };
    let cutting = tokio::spawn(async move {
        told.recv().await;
        assert_eq!(killer.query(kill, &[]).await.unwrap().len(), 1);
        told.close();
    });
    let moved = moving.await;
    cutting.await.unwrap();
    assert!(matches!(moved, Err(MoveError::Source(StoreError::Unavailable(_)))), "{moved:?}");
    assert_eq!(store(&to).await.tenants(ALL).await.unwrap(), []);
}
