use std::path::PathBuf;

use clap::Args;
use intelliauth_store::{KnownMigration, SchemaState};
use intelliauth_store_postgres::{Options, PostgresStore};
use intelliauth_store_sqlite::SqliteStore;
use serde_json::{Value, json};

use super::output;
use crate::{
    compose::{DATABASE, Database},
    config,
    failure::Outcome,
};

/// Bring the database's schema to this release.
///
/// A server does this by itself when it starts; this is for doing it before, and for a role that may change the
/// schema where the server's may not. Migrations only go forward, and of several nodes that start together one
/// does it while the others wait.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Configuration of `intelliauth serve`.
    #[arg(long, env = "INTELLIAUTH_CONFIG", value_name = "FILE", default_value = "intelliauth.toml")]
    config: PathBuf,
    /// Change nothing: list the migrations, those that have run and those that would.
    #[arg(long)]
    status: bool,
    /// Change nothing: print the SQL that would run.
    #[arg(long, conflicts_with = "status")]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Migrate {
    pub(crate) async fn run(self) -> Outcome {
        let database = config::load(&self.config).await?.database;
        if self.status {
            return self.show_status(&look(&database).await?);
        }
        if self.dry_run {
            return self.show_sql(&look(&database).await?);
        }
        match &database {
            Database::Directory(data) => SqliteStore::migrate(data.join(DATABASE), &tell)?,
            Database::Server(url) => {
                PostgresStore::migrate(url.expose(), Options::default(), &tell).await?;
            }
        }
        output::one(&json!({ "schema": look(&database).await?.found, "state": "current" }), self.json)
    }

    fn show_status(&self, state: &SchemaState) -> Outcome {
        let migrations: Vec<Value> = state.known.iter().map(|one| row(one, state.found)).collect();
        if self.json {
            let all = json!({
                "schema": state.found, "state": name(state), "migrations": migrations,
            });
            return output::one(&all, true);
        }
        output::many(&migrations, false)?;
        output::one(&json!({ "schema": state.found, "state": name(state) }), false)
    }

    fn show_sql(&self, state: &SchemaState) -> Outcome {
        if self.json {
            let sql =
                |one: &KnownMigration| json!({ "version": one.version, "name": one.name, "sql": one.sql });
            return output::one(&json!({ "would_run": state.pending().map(sql).collect::<Vec<_>>() }), true);
        }
        if state.pending().next().is_none() {
            return output::text("-- nothing: the schema is of this release\n");
        }
        let texts =
            state.pending().map(|one| format!("-- {} {}\n{}\n", one.version, one.name, one.sql.trim()));
        output::text(&texts.collect::<Vec<_>>().join("\n"))
    }
}

/// Progress is for people: it goes where the result does not.
fn tell(migration: &KnownMigration) {
    eprintln!("migrating: {} {}", migration.version, migration.name);
}

async fn look(database: &Database) -> Outcome<SchemaState> {
    Ok(match database {
        Database::Directory(data) => {
            let path = data.join(DATABASE);
            if path.exists() { SqliteStore::schema(path)? } else { SqliteStore::no_schema() }
        }
        Database::Server(url) => PostgresStore::schema(url.expose(), Options::default()).await?,
    })
}

fn name(state: &SchemaState) -> &'static str {
    if state.busy {
        "being changed"
    } else if state.pending().next().is_some() {
        "behind"
    } else {
        "current"
    }
}

fn row(migration: &KnownMigration, found: i64) -> Value {
    let state = if migration.version <= found { "applied" } else { "pending" };
    json!({ "version": migration.version, "name": migration.name, "state": state })
}
