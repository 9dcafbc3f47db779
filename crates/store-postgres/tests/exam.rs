//! The store exam, sat on a real PostgreSQL.
#![allow(clippy::expect_used, reason = "a test's helpers are test code")]

use intelliauth_store::exam::Pupil;
use intelliauth_store_postgres::{Options, PostgresStore, fixture};

async fn fresh() -> Pupil {
    let database = fixture::database().await;
    // The role may not change the schema, so it must find it as it should be.
    let options = Options { migrate: false, ..Options::default() };
    let store = PostgresStore::connect(&database.url(), options).await.expect("the store opens");
    Pupil::keeping(store, database)
}

intelliauth_store::store_exam!(fresh());
