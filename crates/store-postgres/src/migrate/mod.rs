//! Bringing the schema to this release. Nodes that start together take turns by a row with a lease: a session's
//! advisory lock would not survive a transaction pooler, and distributed databases that speak the protocol lack it.

use std::time::Duration;

use intelliauth_store::{KnownMigration, SchemaState, Told};
use tokio_postgres::{Client, error::SqlState};

use crate::{OpenError, Options, endpoint::Endpoint, param::params, pipeline};

mod history;
mod lease;
mod session;

use history::{State, newest};
use lease::Lease;

pub(crate) use history::MIGRATIONS;

/// How often a node that waits for another looks again.
const PAUSE: Duration = Duration::from_millis(100);
/// Nodes that start together on an empty database can refuse each other the first tables.
const BOOTSTRAP_ATTEMPTS: u32 = 20;

/// The two tables that exist before any migration does.
const BOOTSTRAP: &str = "
    CREATE TABLE IF NOT EXISTS schema_migrations (
        version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS schema_lock (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), holder UUID, expires_at TIMESTAMPTZ);
    INSERT INTO schema_lock (id) VALUES (1) ON CONFLICT (id) DO NOTHING;";

/// Asks whether the server will do, and brings the schema to this release unless `options` forbid it.
pub(crate) async fn prepare(
    endpoint: &Endpoint,
    options: &Options,
    migrations: &[KnownMigration],
    told: Told<'_>,
) -> Result<(), OpenError> {
    let client = session::open(endpoint, options).await?;
    let known = newest(migrations);
    match history::look(&client, migrations).await? {
        State::Foreign => Err(OpenError::Foreign),
        State::At(found) if found == known => Ok(()),
        State::At(found) if !options.migrate => Err(OpenError::OldSchema { found, known }),
        State::At(_) => tokio::time::timeout(options.migration_patience, migrate(&client, migrations, told))
            .await
            .unwrap_or(Err(OpenError::Busy)),
    }
}

/// Tells the log.
pub(crate) fn to_log(migration: &KnownMigration) {
    tracing::info!(version = migration.version, name = migration.name, "migrating the database");
}

/// Where the schema stands. Changes nothing.
pub(crate) async fn state(endpoint: &Endpoint, options: &Options) -> Result<SchemaState, OpenError> {
    let client = session::open(endpoint, options).await?;
    let State::At(found) = history::look(&client, MIGRATIONS).await? else { return Err(OpenError::Foreign) };
    let busy = lease::is_held(&client).await?;
    Ok(SchemaState { known: MIGRATIONS.to_vec(), found, busy })
}

/// Opens a connection to a database that must be of this release, and changes nothing.
pub(crate) async fn look_at(endpoint: &Endpoint, options: &Options) -> Result<Client, OpenError> {
    let client = session::open(endpoint, options).await?;
    let known = newest(MIGRATIONS);
    match history::look(&client, MIGRATIONS).await? {
        State::Foreign => Err(OpenError::Foreign),
        State::At(found) if found == known => Ok(client),
        State::At(found) => Err(OpenError::OldSchema { found, known }),
    }
}

async fn migrate(client: &Client, migrations: &[KnownMigration], told: Told<'_>) -> Result<(), OpenError> {
    bootstrap(client).await?;
    let lease = loop {
        if let Some(lease) = Lease::take(client).await? {
            break lease;
        }
        tokio::time::sleep(PAUSE).await;
        if let State::At(found) = history::look(client, migrations).await?
            && found == newest(migrations)
        {
            return Ok(());
        }
    };
    let mut outcome = Ok(());
    for migration in migrations {
        outcome = apply(client, &lease, migration, migrations, told).await;
        if outcome.is_err() {
            // The first failure is the one to tell; this only ends the transaction it left open.
            let _ = client.batch_execute("ROLLBACK").await;
            break;
        }
    }
    lease.give_back(client).await;
    outcome
}

async fn bootstrap(client: &Client) -> Result<(), OpenError> {
    const CLASHES: [SqlState; 4] = [
        SqlState::UNIQUE_VIOLATION,
        SqlState::DUPLICATE_TABLE,
        SqlState::DUPLICATE_OBJECT,
        SqlState::T_R_DEADLOCK_DETECTED,
    ];
    for _ in 1..BOOTSTRAP_ATTEMPTS {
        match client.batch_execute(BOOTSTRAP).await {
            Ok(()) => return Ok(()),
            Err(error) if error.code().is_some_and(|code| CLASHES.contains(code)) => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(session::refused(&error)),
        }
    }
    client.batch_execute(BOOTSTRAP).await.map_err(|error| session::refused(&error))
}

/// One migration in one transaction. The row of the lease stays locked until its end, so that nobody whose turn
/// comes because ours took too long can begin before we have finished.
async fn apply(
    client: &Client,
    lease: &Lease,
    migration: &KnownMigration,
    migrations: &[KnownMigration],
    told: Told<'_>,
) -> Result<(), OpenError> {
    const RECORD: &str = "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)";
    let run = |sql| async move { client.batch_execute(sql).await.map_err(|error| session::refused(&error)) };
    run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
    lease.renew(client).await?;
    let done = history::check(client, migrations).await?;
    if migration.version > done {
        told(migration);
        run(migration.sql).await?;
        let record = params![migration.version, migration.name, history::checksum(migration.sql)];
        pipeline::change(client, RECORD, &record).await.map_err(|error| session::refused(&error))?;
    }
    run("COMMIT").await
}

/// Names the schema of this build.
#[cfg(feature = "fixture")]
pub(crate) fn fingerprint() -> String {
    history::checksum(&MIGRATIONS.iter().map(|migration| migration.sql).collect::<String>())
}
