use std::path::PathBuf;

use clap::Args;
use intelliauth_store_postgres::{OpenError, Options, PostgresStore};
use intelliauth_store_sqlite::SqliteStore;
use serde_json::json;

use super::output;
use crate::{
    compose::{DATABASE, Database},
    config,
    failure::Outcome,
};

/// Bring the database's schema to this release.
///
/// A server does this by itself when it starts; this is for doing it before. Migrations only go forward, and
/// of several nodes that start together one does it while the others wait.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Configuration of `intelliauth serve`.
    #[arg(long, env = "INTELLIAUTH_CONFIG", value_name = "FILE", default_value = "intelliauth.toml")]
    config: PathBuf,
    /// Only say where the schema stands.
    #[arg(long, visible_alias = "dry-run")]
    status: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Migrate {
    pub(crate) async fn run(self) -> Outcome {
        let settings = config::load(&self.config).await?;
        let state = match (&settings.database, self.status) {
            (Database::Directory(data), true) if !data.join(DATABASE).exists() => {
                "there is no database yet".to_owned()
            }
            // Opening a file looks at its schema and refuses one it does not know; it also brings it forward,
            // which for one file and one server is the same moment.
            (Database::Directory(data), _) => {
                SqliteStore::open(data.join(DATABASE), intelliauth_store_sqlite::Options::default())?;
                "the schema is of this release".to_owned()
            }
            (Database::Server(url), true) => status(url.expose()).await?,
            (Database::Server(url), false) => {
                PostgresStore::migrate(url.expose(), Options::default()).await?;
                "the schema is of this release".to_owned()
            }
        };
        output::one(&json!({ "state": state }), self.json)
    }
}

async fn status(url: &str) -> Outcome<String> {
    let look = Options { migrate: false, ..Options::default() };
    match PostgresStore::connect(url, look).await {
        Ok(_) => Ok("the schema is of this release".to_owned()),
        Err(OpenError::OldSchema { found, known }) => {
            Ok(format!("schema {found}; migrations {} to {known} would run", found + 1))
        }
        Err(error) => Err(error.into()),
    }
}
