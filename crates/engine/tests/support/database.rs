use std::{any::Any, sync::Arc};

use intelliauth_store::Store;
use intelliauth_store_postgres::{Options, PostgresStore, fixture};
use intelliauth_store_sqlite::SqliteStore;

/// What the names of test binaries that ask PostgreSQL end with. The tests of the surface use this file too.
const ON_POSTGRES: &str = "_on_postgres";

/// An empty store, and what must live as long as it.
pub(super) async fn fresh() -> (Arc<dyn Store>, Arc<dyn Any + Send + Sync>) {
    if !env!("CARGO_CRATE_NAME").ends_with(ON_POSTGRES) {
        return (SqliteStore::memory().expect("a store"), Arc::new(()));
    }
    let database = fixture::database().await;
    let options = Options { migrate: false, ..Options::default() };
    let store = PostgresStore::connect(&database.url(), options).await.expect("a store");
    (store, Arc::new(database))
}
