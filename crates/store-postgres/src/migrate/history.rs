use intelliauth_store::KnownMigration;
use tokio_postgres::{Client, Row};

use super::session::refused;
use crate::OpenError;

/// Every migration there ever was, in order. Forward only; a released one never changes.
pub(crate) const MIGRATIONS: &[KnownMigration] = &[
    KnownMigration {
        version: 1,
        name: "foundation",
        sql: include_str!("../../migrations/0001_foundation.sql"),
    },
    KnownMigration { version: 2, name: "jobs", sql: include_str!("../../migrations/0002_jobs.sql") },
];

/// What a database holds.
pub(super) enum State {
    /// The newest migration that ran, 0 for none.
    At(i64),
    /// Tables of somebody else, and none of ours.
    Foreign,
}

/// Looks without changing anything, so that the usual start needs no right to change the schema.
pub(super) async fn look(client: &Client, migrations: &[KnownMigration]) -> Result<State, OpenError> {
    const TABLES: &str = "SELECT
             count(*) FILTER (WHERE c.relname <> 'schema_lock'),
             count(*) FILTER (WHERE c.relname = 'schema_migrations')
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')";
    let rows = client.query_typed(TABLES, &[]).await.map_err(|error| refused(&error))?;
    let count = |column| rows.first().map_or(Ok(0), |row| row.try_get::<_, i64>(column));
    match (count(0).map_err(|error| refused(&error))?, count(1).map_err(|error| refused(&error))?) {
        (0, _) => Ok(State::At(0)),
        (_, 0) => Ok(State::Foreign),
        _ => check(client, migrations).await.map(State::At),
    }
}

/// Compares what ran with what this release has; gives the newest that ran, 0 for none.
pub(super) async fn check(client: &Client, migrations: &[KnownMigration]) -> Result<i64, OpenError> {
    const RAN: &str = "SELECT version, name, checksum FROM schema_migrations ORDER BY version";
    let mut done = 0;
    for row in client.query_typed(RAN, &[]).await.map_err(|error| refused(&error))? {
        let (version, name, recorded) = read(&row).map_err(|error| refused(&error))?;
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

fn read(row: &Row) -> Result<(i64, String, String), tokio_postgres::Error> {
    Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

pub(super) fn newest(migrations: &[KnownMigration]) -> i64 {
    migrations.last().map_or(0, |migration| migration.version)
}

/// FNV-1a over the text without carriage returns (a checkout may add them). It notices an edit made by
/// mistake; it need not resist an attacker, who could write this table as well.
pub(super) fn checksum(sql: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in sql.bytes().filter(|byte| *byte != b'\r') {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_no_edit() {
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
        assert_ne!(checksum("a b"), checksum("a\nb"));
    }

    #[test]
    fn numbers_are_1_2_3() {
        let numbers: Vec<_> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        assert_eq!(numbers, (1..=newest(MIGRATIONS)).collect::<Vec<_>>());
    }

    /// A table that is added without the second fence would pass the exam all the same.
    #[test]
    fn every_table_of_tenants_has_its_fence() {
        let sql: String = MIGRATIONS.iter().map(|migration| migration.sql).collect();
        let tables = sql.split("CREATE TABLE ").skip(1).filter_map(|rest| {
            let (name, rest) = rest.split_once(" (")?;
            rest.split("\n);").next()?.contains("tenant_id UUID").then_some(name)
        });
        let mut seen = 0;
        for table in tables {
            for words in ["ENABLE", "FORCE"] {
                let fence = format!("ALTER TABLE {table} {words} ROW LEVEL SECURITY;");
                assert!(sql.contains(&fence), "{fence}");
            }
            let policy = format!("CREATE POLICY own_tenant ON {table}\n    USING (tenant_id = nullif(");
            assert!(sql.contains(&policy), "{table}");
            seen += 1;
        }
        assert!(seen >= 11, "{seen}");
    }
}
