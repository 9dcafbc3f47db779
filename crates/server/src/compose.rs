use std::{path::Path, sync::Arc};

use intelliauth_engine::{DataKey, Engine, EngineParts, PasswordCost, Passwords, Vault, tenants};
use intelliauth_store::Page;
use intelliauth_store_sqlite::{Options, SqliteStore};

use crate::{
    failure::{Failure, Outcome},
    machine::{SystemClock, SystemRng},
};

/// The database in a data directory.
pub(crate) const DATABASE: &str = "intelliauth.db";

/// Puts the engine together over the database in `data`.
pub(crate) async fn engine(data: &Path, key: &DataKey) -> Outcome<Arc<Engine>> {
    let store = SqliteStore::open(data.join(DATABASE), Options::default())?;
    let engine = Engine::new(EngineParts {
        store,
        clock: Arc::new(SystemClock),
        rng: Arc::new(SystemRng::new()),
        vault: Vault::new(key).map_err(|error| Failure::new(error.to_string()))?,
        passwords: Passwords::new(PasswordCost::default())?,
    });
    check_data_key(&engine).await?;
    Ok(engine)
}

/// Opens one tenant's keys. With the wrong data key the server would start and fail every request; better
/// it does not start.
async fn check_data_key(engine: &Arc<Engine>) -> Outcome {
    let first = engine.store().tenants(Page { before: None, limit: 1 }).await?;
    let Some(tenant) = first.first() else { return Ok(()) };
    tenants::open(engine, tenant.id).await.map_err(|error| {
        Failure::new(format!("the data key does not open this database's signing keys ({error})"))
    })?;
    Ok(())
}
