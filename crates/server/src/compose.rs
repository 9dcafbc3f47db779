use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use intelliauth_engine::{DataKey, Engine, EngineParts, PasswordCost, Passwords, Vault, tenants};
use intelliauth_model::{Clock, Secret};
use intelliauth_store::{Page, Store};
use intelliauth_store_postgres::{Options as PostgresOptions, PostgresStore};
use intelliauth_store_sqlite::{Options, SqliteStore};

use crate::{
    failure::{Failure, Outcome},
    machine::{SystemClock, SystemRng},
    shared_clock::SharedClock,
};

/// The database in a data directory.
pub(crate) const DATABASE: &str = "intelliauth.db";

/// Where everything is kept: the only setting in which installations on SQLite and PostgreSQL differ.
pub(crate) enum Database {
    /// SQLite, in this data directory.
    Directory(PathBuf),
    /// PostgreSQL, at this URL.
    Server(Secret),
}

/// The engine, and what tells it of other nodes' changes.
pub(crate) struct Composed {
    pub(crate) engine: Arc<Engine>,
    /// What other nodes share, if they can.
    pub(crate) shared: Option<Shared>,
}

/// What the nodes on one PostgreSQL share.
pub(crate) struct Shared {
    pub(crate) store: Arc<PostgresStore>,
    pub(crate) clock: Arc<SharedClock>,
}

impl Database {
    /// The database in `data`, or at `url` if there is one.
    pub(crate) fn of(data: &Path, url: Option<&str>) -> Self {
        match url {
            Some(url) => Self::Server(Secret::new(url.to_owned())),
            None => Self::Directory(data.to_owned()),
        }
    }

    /// Puts the engine together over this database.
    pub(crate) async fn compose(&self, key: &DataKey) -> Outcome<Composed> {
        let (store, clock, shared): (Arc<dyn Store>, Arc<dyn Clock>, _) = match self {
            Self::Directory(data) => {
                (SqliteStore::open(data.join(DATABASE), Options::default())?, Arc::new(SystemClock), None)
            }
            Self::Server(url) => {
                let store = PostgresStore::connect(url.expose(), PostgresOptions::default()).await?;
                let clock = SharedClock::set_by(&store).await?;
                let shared = Shared { store: Arc::clone(&store), clock: Arc::clone(&clock) };
                (store, clock, Some(shared))
            }
        };
        let engine = Engine::new(EngineParts {
            store,
            clock,
            rng: Arc::new(SystemRng::new()),
            vault: Vault::new(key).map_err(|error| Failure::new(error.to_string()))?,
            passwords: Passwords::new(PasswordCost::default())?,
        });
        check_data_key(&engine).await?;
        Ok(Composed { engine, shared })
    }
}

/// How many tenants are tried before the data key is blamed: one may be damaged without the key being wrong.
const TRIED: u32 = 20;

/// Opens a tenant's keys. With the wrong data key the server would start and fail every request; better it
/// does not start.
async fn check_data_key(engine: &Arc<Engine>) -> Outcome {
    let newest = engine.store().tenants(Page { before: None, limit: TRIED }).await?;
    let mut problem = None;
    for tenant in &newest {
        match tenants::open(engine, tenant.id).await {
            Ok(_) => return Ok(()),
            Err(error) => problem = Some(error),
        }
    }
    problem.map_or(Ok(()), |error| {
        Err(Failure::new(format!("the data key does not open this database's signing keys ({error})")))
    })
}
