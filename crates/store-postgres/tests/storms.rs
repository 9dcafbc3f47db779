//! Backends terminated, the server restarted and ended, all under load: nothing acknowledged is lost, nothing
//! is done by half or twice, and the pool recovers by itself.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

mod storm;

use std::sync::Arc;

use intelliauth_store::exam::fixtures::{open_one, put, user};
use intelliauth_store::{Store, StoreError, TenantWrite};
use intelliauth_store_postgres::{
    Options, PostgresStore,
    fixture::{self, Database, Server},
};
use storm::{examine, issue, storm};
use tokio::sync::mpsc;

async fn open(database: &Database) -> Arc<dyn Store> {
    PostgresStore::connect(&database.url(), Options::default()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn backends_terminated_under_load() {
    let database = fixture::database().await;
    let store = open(&database).await;
    let tenant = open_one(&store).await;
    let numbers = 0..400;
    issue(&tenant, numbers.clone()).await;
    let (progress, mut done) = mpsc::unbounded_channel();
    let killer = database.meddler().await;
    let sabotage = tokio::spawn(async move {
        const KILL: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND usename = 'intelliauth_app'";
        let (mut finished, mut ended) = (0_u64, 0_i64);
        while done.recv().await.is_some() {
            finished += 1;
            if finished % 20 == 0 {
                ended += killer.query_one(KILL, &[]).await.unwrap().get::<_, i64>(0);
            }
        }
        ended
    });
    let acknowledged = storm(&tenant, numbers.clone(), progress).await;
    assert!(sabotage.await.unwrap() > 20, "too few backends were there to be ended");
    examine(&tenant, numbers, &acknowledged).await;
    store.ping().await.unwrap();
}

/// What is done to the server in the middle of a storm.
async fn disturb(server: Server, disturbance: fn(&Server)) {
    let server = Arc::new(server);
    let database = server.database().await;
    let store = open(&database).await;
    let tenant = open_one(&store).await;
    let numbers = 0..300;
    issue(&tenant, numbers.clone()).await;
    let (progress, mut done) = mpsc::unbounded_channel();
    let disturbed = Arc::clone(&server);
    let disturbing = tokio::spawn(async move {
        let mut finished = 0_u64;
        while done.recv().await.is_some() {
            finished += 1;
            if finished == 100 {
                let server = Arc::clone(&disturbed);
                tokio::task::spawn_blocking(move || disturbance(&server)).await.unwrap();
            }
        }
    });
    let acknowledged = storm(&tenant, numbers.clone(), progress).await;
    disturbing.await.unwrap();
    assert!(acknowledged.len() > 200, "{}", acknowledged.len());
    examine(&tenant, numbers, &acknowledged).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_server_restarted_under_load() {
    disturb(Server::start().await, Server::restart).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_server_killed_under_load() {
    disturb(Server::start().await, Server::crash).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_is_unavailable_and_the_pool_recovers() {
    let server = Arc::new(Server::start().await);
    let database = server.database().await;
    let store = open(&database).await;
    let tenant = open_one(&store).await;
    let act = |action: fn(&Server)| {
        let server = Arc::clone(&server);
        tokio::task::spawn_blocking(move || action(&server))
    };
    act(Server::down).await.unwrap();
    let insert = || [TenantWrite::InsertUser(Box::new(user(1)))];
    let refusals = [
        store.ping().await.unwrap_err(),
        tenant.user(user(1).id).await.unwrap_err(),
        put(&tenant, insert()).await.unwrap_err(),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, StoreError::Unavailable(_)), "{refusal}");
    }
    act(Server::up).await.unwrap();
    store.ping().await.unwrap();
    put(&tenant, insert()).await.unwrap();
    assert_eq!(tenant.user(user(1).id).await.unwrap(), Some(user(1)));
}
