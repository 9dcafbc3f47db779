//! The whole store as rows: nothing is forgotten, nothing half done, nobody writes meanwhile.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use intelliauth_store::archive::{
    Column, Destination, Kind, MoveError, NOT_MOVED, Source, TABLES, Table, relocate,
};
use intelliauth_store::exam::whole::{self, hash};
use intelliauth_store::{Store, StoreError};
use intelliauth_store_sqlite::{OpenError, Options, SqliteDestination, SqliteSource, SqliteStore};
use rusqlite::Connection;
use tempfile::{TempDir, tempdir};

async fn filled() -> (TempDir, Vec<String>) {
    let directory = tempdir().unwrap();
    let store: Arc<dyn Store> = SqliteStore::open(directory.path().join("a.db"), Options::default()).unwrap();
    whole::fill(&store).await;
    let contents = whole::contents(&store).await;
    (directory, contents)
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
    names.sort();
    names
}

/// A column or table that is added without being added to the list would be left behind in silence.
#[test]
fn every_table_and_column_is_on_the_list() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("a.db");
    drop(SqliteStore::open(&path, Options::default()).unwrap());
    let file = Connection::open(&path).unwrap();
    let mut found = BTreeMap::<String, Vec<String>>::new();
    let mut keys = BTreeMap::<String, i64>::new();
    let sql = "SELECT t.name, c.name, c.type, c.\"notnull\", c.pk FROM pragma_table_list t, pragma_table_info(t.name) c
         WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid";
    let mut statement = file.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (table, column, kind): (String, String, String) =
            (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap());
        let (required, key): (bool, i64) = (row.get(3).unwrap(), row.get(4).unwrap());
        *keys.entry(table.clone()).or_default() += i64::from(key > 0);
        found.entry(table).or_default().push(format!("{column} {kind} {required}"));
    }
    found.retain(|table, _| !NOT_MOVED.contains(&table.as_str()));
    let spell = |column: &Column| {
        let kind = match column.kind {
            Kind::Id | Kind::Bytes => "BLOB",
            Kind::Text => "TEXT",
            Kind::Number | Kind::Flag => "INTEGER",
        };
        format!("{} {kind} {}", column.name, !column.nullable)
    };
    let listed: BTreeMap<String, Vec<String>> = TABLES
        .iter()
        .map(|table| (table.name.to_owned(), table.columns.iter().map(spell).collect()))
        .collect();
    assert_eq!(found, listed);
    for Table { name, key, .. } in TABLES {
        assert_eq!(keys[*name], i64::try_from(*key).unwrap(), "{name}");
    }
}

#[tokio::test]
async fn everything_arrives_as_it_was() {
    let (directory, before) = filled().await;
    let to = directory.path().join("b.db");
    let mut source = SqliteSource::open(&directory.path().join("a.db")).unwrap();
    let mut seen = Vec::new();
    let mut report = |progress| seen.push(progress);
    let destination = Box::new(SqliteDestination::create(&to).unwrap());
    let tables = relocate(&mut source, destination, hash, &mut report).await.unwrap();
    assert!(tables.iter().all(|table| table.digest.rows > 0), "{tables:?}");
    let users = tables.iter().find(|table| table.table == "users").unwrap();
    assert_eq!(users.digest.rows, 1 + 1 + 1_234);
    let last = seen.last().unwrap();
    assert!(last.done == last.total && last.total > 1_234, "{last:?}");
    drop(source);
    let store: Arc<dyn Store> = SqliteStore::open(&to, Options::default()).unwrap();
    assert_eq!(whole::contents(&store).await, before);
    whole::remembers(&store).await;
    assert_eq!(names(directory.path()), ["a.db", "b.db"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&to).unwrap().permissions().mode() & 0o777,
            0o600,
            "password hashes are in it"
        );
    }
}

#[tokio::test]
async fn what_was_begun_and_not_finished_leaves_nothing() {
    let (directory, _) = filled().await;
    let to = directory.path().join("b.db");
    // As a kill leaves it: the file, and what SQLite keeps beside one.
    for name in ["b.db.unfinished", "b.db.unfinished-journal"] {
        std::fs::write(directory.path().join(name), "half").unwrap();
    }
    drop(SqliteDestination::create(&to).unwrap());
    assert_eq!(names(directory.path()), ["a.db"]);
    std::fs::write(&to, "somebody's").unwrap();
    assert!(matches!(SqliteDestination::create(&to), Err(OpenError::Taken(_))));
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "somebody's");
}

/// The log of a server that was killed lay where the new file came to be, and was played into it: what was moved and
/// verified was then neither.
#[tokio::test]
async fn bug_what_an_old_database_had_left_was_taken_for_a_part_of_the_new() {
    let (directory, _) = filled().await;
    let to = directory.path().join("b.db");
    for beside in ["b.db-wal", "b.db-shm", "b.db-journal"] {
        let left = directory.path().join(beside);
        std::fs::write(&left, "old").unwrap();
        let refusal = SqliteDestination::create(&to).err().unwrap();
        assert!(matches!(&refusal, OpenError::Taken(path) if *path == left), "{refusal}");
        assert_eq!(std::fs::read_to_string(&left).unwrap(), "old");
        std::fs::remove_file(&left).unwrap();
    }
    let mut source = SqliteSource::open(&directory.path().join("a.db")).unwrap();
    let destination = Box::new(SqliteDestination::create(&to).unwrap());
    std::fs::write(directory.path().join("b.db-wal"), "meanwhile").unwrap();
    let refusal = relocate(&mut source, destination, hash, &mut |_| {}).await.unwrap_err();
    assert!(matches!(refusal, MoveError::Finish(_)), "{refusal}");
    assert!(!to.exists());
}

/// Somebody makes a database in the place while the move is under way: theirs stays.
#[tokio::test]
async fn a_database_made_meanwhile_is_not_overwritten() {
    let (directory, _) = filled().await;
    let to = directory.path().join("b.db");
    let mut source = SqliteSource::open(&directory.path().join("a.db")).unwrap();
    let destination = Box::new(SqliteDestination::create(&to).unwrap());
    std::fs::write(&to, "somebody's").unwrap();
    let refusal = relocate(&mut source, destination, hash, &mut |_| {}).await.unwrap_err();
    assert!(matches!(refusal, MoveError::Finish(StoreError::Unavailable(_))), "{refusal}");
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "somebody's");
    assert_eq!(names(directory.path()), ["a.db", "b.db"]);
}

#[tokio::test]
async fn nobody_writes_while_the_source_is_read() {
    let (directory, _) = filled().await;
    let path = directory.path().join("a.db");
    let options = Options { busy_timeout: Duration::from_millis(1), ..Options::default() };
    let store = SqliteStore::open(&path, options).unwrap();
    let source = SqliteSource::open(&path).unwrap();
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    drop(source);
    store.ping().await.unwrap();
}

#[test]
fn a_source_of_another_release_is_refused() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("a.db");
    assert!(SqliteSource::open(&path).is_err(), "there is none, and none is made");
    assert!(!path.exists());
    drop(SqliteStore::open(&path, Options::default()).unwrap());
    let meddle = |sql: &str| Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    meddle("INSERT INTO schema_migrations VALUES (9999, 'from the future', 'x')");
    assert!(matches!(SqliteSource::open(&path), Err(OpenError::FutureSchema { found: 9999, .. })));
    meddle("DELETE FROM schema_migrations WHERE version > 1");
    let refusal = SqliteSource::open(&path).err().unwrap();
    assert!(matches!(refusal, OpenError::OldSchema { found: 1, .. }), "{refusal}");
    assert!(refusal.to_string().contains("intelliauth migrate"), "{refusal}");
}

/// A destination that stores something else than it was given, which no database should.
struct Forgetful(SqliteDestination);

#[async_trait::async_trait]
impl Source for Forgetful {
    async fn count(
        &mut self,
        table: &'static Table,
        tenant: Option<intelliauth_model::TenantId>,
    ) -> Result<u64, StoreError> {
        self.0.count(table, tenant).await
    }

    async fn rows(
        &mut self,
        table: &'static Table,
        tenant: Option<intelliauth_model::TenantId>,
        after: Option<&intelliauth_store::archive::Row>,
        limit: u32,
    ) -> Result<Vec<intelliauth_store::archive::Row>, StoreError> {
        self.0.rows(table, tenant, after, limit).await
    }
}

#[async_trait::async_trait]
impl Destination for Forgetful {
    async fn put(
        &mut self,
        table: &'static Table,
        tenant: Option<intelliauth_model::TenantId>,
        mut rows: Vec<intelliauth_store::archive::Row>,
    ) -> Result<(), StoreError> {
        if table.name == "audiences" {
            rows.pop();
        }
        self.0.put(table, tenant, rows).await
    }

    async fn finish(self: Box<Self>) -> Result<(), StoreError> {
        Box::new(self.0).finish().await
    }
}

#[tokio::test]
async fn a_row_that_does_not_arrive_stops_the_move() {
    let (directory, _) = filled().await;
    let to = directory.path().join("b.db");
    let mut source = SqliteSource::open(&directory.path().join("a.db")).unwrap();
    let destination = Box::new(Forgetful(SqliteDestination::create(&to).unwrap()));
    let refusal = relocate(&mut source, destination, hash, &mut |_| {}).await.unwrap_err();
    assert!(matches!(refusal, MoveError::Different { table: "audiences", .. }), "{refusal}");
    assert_eq!(names(directory.path()), ["a.db"]);
}
