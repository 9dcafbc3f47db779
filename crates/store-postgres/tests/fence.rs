//! The second fence: row-level security shows nothing to a query that forgot its tenant.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use std::sync::Arc;

use intelliauth_model::SingleUseKind;
use intelliauth_store::exam::fixtures::{
    CURRENT, NOW, admin, application, audience, event, job, key, open, put, record, revocation, secret,
    session, single_use, tenant, user,
};
use intelliauth_store::{Store, TenantStore, TenantWrite};
use intelliauth_store_postgres::{
    Options, PostgresStore,
    fixture::{self, Database},
};
use tokio_postgres::{Client, error::SqlState};

const TABLES: [&str; 11] = [
    "admins",
    "audiences",
    "users",
    "applications",
    "client_secrets",
    "sessions",
    "signing_keys",
    "revocations",
    "single_uses",
    "idempotency",
    "events",
];

async fn fill(tenant: &Arc<dyn TenantStore>) {
    let writes = [
        TenantWrite::InsertAdmin(Box::new(admin(1))),
        TenantWrite::InsertAudience(Box::new(audience(1))),
        TenantWrite::InsertUser(Box::new(user(1))),
        TenantWrite::InsertApplication(Box::new(application(1))),
        TenantWrite::InsertClientSecret(Box::new(secret(1, 1))),
        TenantWrite::InsertSession(Box::new(session(1, 1))),
        TenantWrite::InsertKey(Box::new(key(1, CURRENT))),
        TenantWrite::AppendRevocation(revocation(1)),
        TenantWrite::InsertSingleUse(Box::new(single_use(1, SingleUseKind::AuthorizationCode))),
        TenantWrite::RememberIdempotency { record: Box::new(record("key", 1)), now: NOW },
        TenantWrite::AppendEvent(Box::new(event(1))),
        TenantWrite::ScheduleJob { name: job(1), at: NOW },
    ];
    put(tenant, writes).await.unwrap();
}

/// A database with two tenants, each with a row in every table.
async fn two_tenants() -> (Database, Arc<dyn Store>) {
    let database = fixture::database().await;
    let store: Arc<dyn Store> = PostgresStore::connect(&database.url(), Options::default()).await.unwrap();
    for tenant in &open(&store, [1, 2]).await {
        fill(tenant).await;
    }
    (database, store)
}

fn fence(number: u64) -> String {
    let id = u128::from_be_bytes(tenant(number).id.to_bytes());
    format!("BEGIN; SET LOCAL intelliauth.tenant = '{id:032x}'")
}

async fn count(client: &Client, table: &str) -> i64 {
    client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_query_without_a_tenant_sees_and_changes_nothing() {
    let (database, _store) = two_tenants().await;
    for (role, client) in [("app", database.app().await), ("owner", database.owner().await)] {
        for table in TABLES {
            assert_eq!(count(&client, table).await, 0, "{table} as {role}");
            let gone = client.execute(&format!("DELETE FROM {table}"), &[]).await.unwrap();
            assert_eq!(gone, 0, "{table} as {role}");
        }
    }
    let meddler = database.meddler().await;
    for table in TABLES {
        assert_eq!(count(&meddler, table).await, 2, "the rows are there: {table}");
    }
}

#[tokio::test]
async fn a_query_that_names_no_tenant_sees_its_own_only() {
    let (database, _store) = two_tenants().await;
    let client = database.app().await;
    for number in [1, 2] {
        client.batch_execute(&fence(number)).await.unwrap();
        for table in TABLES {
            let ids = client.query(&format!("SELECT tenant_id::text FROM {table}"), &[]).await.unwrap();
            assert_eq!(ids.len(), 1, "{table}");
            let id = ids[0].get::<_, String>(0).replace('-', "");
            assert!(fence(number).contains(&id), "{table}");
        }
        client.batch_execute("COMMIT").await.unwrap();
    }
    assert_eq!(count(&client, "users").await, 0, "the setting ends with its transaction");
}

/// The one table that is read across tenants: workers take what is due. Inside a fence it is fenced like all.
#[tokio::test]
async fn jobs_are_seen_from_above_and_inside_a_fence_by_their_tenant_only() {
    let (database, _store) = two_tenants().await;
    let client = database.app().await;
    assert_eq!(count(&client, "jobs").await, 2);
    assert_eq!(client.execute("DELETE FROM jobs", &[]).await.unwrap(), 0, "nothing is removed from above");
    for number in [1, 2] {
        client.batch_execute(&fence(number)).await.unwrap();
        assert_eq!(count(&client, "jobs").await, 1);
        assert_eq!(client.execute("UPDATE jobs SET attempts = 7", &[]).await.unwrap(), 1);
        let other = format!("{:032x}", u128::from_be_bytes(tenant(3 - number).id.to_bytes()));
        let steal = "UPDATE jobs SET tenant_id = $1::text::uuid, subject = 'stolen'";
        let refusal = client.execute(steal, &[&other]).await.unwrap_err();
        assert_eq!(refusal.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
        client.batch_execute("ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn a_row_cannot_be_put_into_another_tenant() {
    let (database, _store) = two_tenants().await;
    let client = database.app().await;
    for sql in [
        "INSERT INTO audiences SELECT $1::text::uuid, 'stolen', '', '[]', 0",
        "UPDATE users SET tenant_id = $1::text::uuid",
    ] {
        client.batch_execute(&fence(1)).await.unwrap();
        let other = format!("{:032x}", u128::from_be_bytes(tenant(2).id.to_bytes()));
        let refusal = client.execute(sql, &[&other]).await.unwrap_err();
        assert_eq!(refusal.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{sql}");
        client.batch_execute("ROLLBACK").await.unwrap();
    }
    client.batch_execute(&fence(1)).await.unwrap();
    let renamed = client.execute("UPDATE tenants SET name = 'mine'", &[]).await.unwrap();
    assert_eq!(renamed, 1, "a tenant changes its own row only");
    client.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(client.execute("UPDATE tenants SET name = 'mine'", &[]).await.unwrap(), 0);
}

/// The fence must be found up again whatever a connection of the pool was used for before.
#[tokio::test]
async fn a_connection_used_for_one_tenant_shows_nothing_of_it_to_the_next() {
    let database = fixture::database().await;
    let options = Options { pool_size: 1, ..Options::default() };
    let store: Arc<dyn Store> = PostgresStore::connect(&database.url(), options).await.unwrap();
    let [a, b] = open(&store, [1, 2]).await;
    fill(&a).await;
    for _ in 0..3 {
        assert_eq!(a.user(user(1).id).await.unwrap(), Some(user(1)));
        assert_eq!(b.user(user(1).id).await.unwrap(), None);
        assert_eq!(b.events(intelliauth_store::exam::fixtures::ALL).await.unwrap(), []);
        assert!(put(&b, [TenantWrite::DeleteKey("kid1".to_owned())]).await.is_err());
        assert_eq!(store.tenants(intelliauth_store::exam::fixtures::ALL).await.unwrap().len(), 2);
    }
}
