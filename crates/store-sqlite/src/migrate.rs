use intelliauth_store::{KnownMigration, SchemaState, Told};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::OpenError;

/// Every migration there ever was, in order. Forward only; a released one never changes.
pub(crate) const MIGRATIONS: &[KnownMigration] = &[
    KnownMigration { version: 1, name: "foundation", sql: include_str!("../migrations/0001_foundation.sql") },
    KnownMigration { version: 2, name: "jobs", sql: include_str!("../migrations/0002_jobs.sql") },
];

/// Brings the schema to this release. Safe against another process doing the same at the same time: the
/// check and the change are one transaction.
pub(crate) fn migrate(
    connection: &mut Connection,
    migrations: &[KnownMigration],
    told: Told<'_>,
) -> Result<(), OpenError> {
    if applied_all(connection, migrations)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS schema_migrations (
             version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL
         ) STRICT;",
    )?;
    let done = check(&transaction, migrations)?;
    for migration in migrations.iter().filter(|migration| migration.version > done) {
        told(migration);
        transaction.execute_batch(migration.sql)?;
        transaction.execute(
            "INSERT INTO schema_migrations (version, name, checksum) VALUES (?1, ?2, ?3)",
            params![migration.version, migration.name, checksum(migration.sql)],
        )?;
    }
    transaction.commit()?;
    Ok(())
}

/// Where the schema stands.
pub(crate) fn state(connection: &Connection) -> Result<SchemaState, OpenError> {
    // There is one writer, and it migrates in one transaction: a look is before it or after it.
    Ok(SchemaState { known: MIGRATIONS.to_vec(), found: look(connection, MIGRATIONS)?, busy: false })
}

/// Tells the log.
pub(crate) fn to_log(migration: &KnownMigration) {
    tracing::info!(version = migration.version, name = migration.name, "migrating the database");
}

/// Asks that the schema is of this release, and changes nothing.
pub(crate) fn require(connection: &Connection, migrations: &[KnownMigration]) -> Result<(), OpenError> {
    let (found, known) = (look(connection, migrations)?, newest(migrations));
    if found == known { Ok(()) } else { Err(OpenError::OldSchema { found, known }) }
}

/// Whether there is nothing to do, found out without writing: the usual start must not wait for a writer.
fn applied_all(connection: &Connection, migrations: &[KnownMigration]) -> Result<bool, OpenError> {
    Ok(look(connection, migrations)? == newest(migrations))
}

/// The newest migration that ran, 0 for none.
pub(crate) fn look(connection: &Connection, migrations: &[KnownMigration]) -> Result<i64, OpenError> {
    let (tables, ours): (i64, i64) = connection.query_row(
        "SELECT count(*), count(*) FILTER (WHERE name = 'schema_migrations')
         FROM sqlite_schema WHERE type = 'table'",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    match (tables, ours) {
        (0, _) => Ok(0),
        (_, 0) => Err(OpenError::Foreign),
        _ => check(connection, migrations),
    }
}

/// Compares what ran with what this release has; gives the newest that ran, 0 for none.
fn check(connection: &Connection, migrations: &[KnownMigration]) -> Result<i64, OpenError> {
    let mut done = 0;
    let mut statement =
        connection.prepare("SELECT version, name, checksum FROM schema_migrations ORDER BY version")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (version, name, recorded): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(migration) = migrations.iter().find(|migration| migration.version == version) else {
            return Err(OpenError::FutureSchema { found: version, known: newest(migrations) });
        };
        if checksum(migration.sql) != recorded || version != done + 1 {
            return Err(OpenError::ChangedMigration { version, name });
        }
        done = version;
    }
    Ok(done)
}

fn newest(migrations: &[KnownMigration]) -> i64 {
    migrations.last().map_or(0, |migration| migration.version)
}

/// FNV-1a over the text without carriage returns (a checkout may add them). It notices an edit made by
/// mistake; it need not resist an attacker, who could write this table as well.
fn checksum(sql: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in sql.bytes().filter(|byte| *byte != b'\r') {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: KnownMigration = KnownMigration { version: 1, name: "first", sql: "CREATE TABLE a (x) ;" };
    const SECOND: KnownMigration =
        KnownMigration { version: 2, name: "second", sql: "ALTER TABLE a ADD COLUMN y;" };

    #[test]
    fn only_what_is_missing_runs() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST], &to_log).unwrap();
        migrate(&mut connection, &[FIRST, SECOND], &to_log).unwrap();
        migrate(&mut connection, &[FIRST, SECOND], &to_log).unwrap();
        connection.execute("INSERT INTO a (x, y) VALUES (1, 2)", []).unwrap();
    }

    #[test]
    fn a_failing_migration_leaves_nothing() {
        let broken = KnownMigration { version: 2, name: "broken", sql: "CREATE TABLE b (x); nonsense;" };
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST], &to_log).unwrap();
        assert!(migrate(&mut connection, &[FIRST, broken], &to_log).is_err());
        assert!(connection.execute("INSERT INTO b (x) VALUES (1)", []).is_err());
        migrate(&mut connection, &[FIRST, SECOND], &to_log).unwrap();
    }

    #[test]
    fn an_older_release_refuses_a_newer_schema() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST, SECOND], &to_log).unwrap();
        let refusal = migrate(&mut connection, &[FIRST], &to_log).unwrap_err();
        assert!(matches!(refusal, OpenError::FutureSchema { found: 2, known: 1 }), "{refusal}");
    }

    #[test]
    fn an_edited_migration_is_refused_and_line_ends_are_no_edit() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST], &to_log).unwrap();
        let edited = KnownMigration { sql: "CREATE TABLE a (x);", ..FIRST };
        let refusal = migrate(&mut connection, &[edited], &to_log).unwrap_err();
        assert!(matches!(refusal, OpenError::ChangedMigration { version: 1, .. }), "{refusal}");
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
    }

    #[test]
    fn numbers_are_1_2_3() {
        let numbers: Vec<_> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        assert_eq!(numbers, (1..=newest(MIGRATIONS)).collect::<Vec<_>>());
    }
}
