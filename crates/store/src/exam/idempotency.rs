use std::sync::Arc;

use intelliauth_model::{IdempotencyRecord, Timestamp};

use super::{
    fixtures::{ALL, END, NOW, application_id, open_one, put, record, user},
    race::{assert_one_winner, race},
    users,
};
use crate::{Constraint, Store, StoreError, TenantWrite, UserFilter};

const CONFLICT: StoreError = StoreError::Conflict(Constraint::IdempotencyKey);

fn remember(record: &IdempotencyRecord, now: Timestamp) -> TenantWrite {
    TenantWrite::RememberIdempotency { record: Box::new(record.clone()), now }
}

pub(super) async fn a_remembered_key_comes_back(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let row = record("key", 1);
    assert_eq!(tenant.idempotency(row.client, &row.key).await.unwrap(), None);
    put(&tenant, [remember(&row, NOW)]).await.unwrap();
    assert_eq!(tenant.idempotency(row.client, &row.key).await.unwrap().as_ref(), Some(&row));
    let folded = "KEY".parse().unwrap();
    assert_eq!(tenant.idempotency(row.client, &folded).await.unwrap(), None, "case matters");
    assert_eq!(put(&tenant, [remember(&row, NOW)]).await, Err(CONFLICT));
}

pub(super) async fn an_expired_key_is_replaced(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let old = record("key", 1);
    put(&tenant, [remember(&old, NOW)]).await.unwrap();
    let mut new = record("key", 1);
    new.fingerprint = [7; 32];
    new.answer.resource_id = String::from("usr_other");
    new.expires_at = END.plus_seconds(60);
    assert_eq!(put(&tenant, [remember(&new, Timestamp(END.0 - 1))]).await, Err(CONFLICT));
    assert_eq!(tenant.idempotency(old.client, &old.key).await.unwrap(), Some(old));
    put(&tenant, [remember(&new, END)]).await.unwrap();
    assert_eq!(tenant.idempotency(new.client, &new.key).await.unwrap(), Some(new));
}

pub(super) async fn clients_are_strangers(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [remember(&record("key", 1), NOW), remember(&record("key", 2), NOW)]).await.unwrap();
    for client in [1, 2] {
        let row = record("key", client);
        assert_eq!(tenant.idempotency(row.client, &row.key).await.unwrap(), Some(row));
    }
    let key = record("key", 1).key;
    assert_eq!(tenant.idempotency(application_id(3), &key).await.unwrap(), None);
}

pub(super) async fn of_many_posts_with_one_key_one_is_done(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    // An expired record stands there at the start: replacing it is a race as well.
    let expired = IdempotencyRecord { expires_at: NOW, ..record("key", 1) };
    put(&tenant, [remember(&expired, Timestamp(NOW.0 - 1))]).await.unwrap();
    let results = race(50, |n| {
        let tenant = Arc::clone(&tenant);
        let mut row = record("key", 1);
        row.answer.resource_id = user(n).id.to_string();
        async move { put(&tenant, [users::insert(&user(n)), remember(&row, NOW)]).await }
    })
    .await;
    assert_one_winner(results, &CONFLICT);
    let made = tenant.users(&UserFilter::default(), ALL).await.unwrap();
    assert_eq!(made.len(), 1);
    let kept = tenant.idempotency(application_id(1), &record("key", 1).key).await.unwrap().unwrap();
    assert_eq!(kept.answer.resource_id, made[0].id.to_string(), "the answer is that of the effect");
}
