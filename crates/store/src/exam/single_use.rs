use std::sync::Arc;

use intelliauth_model::{SingleUse, SingleUseKind, Timestamp};

use super::{
    fixtures::{END, NOW, hash, open_one, put, single_use, user},
    race::{assert_one_winner, race},
    users,
};
use crate::{Constraint, Entity, Store, StoreError, TenantWrite};

const CODE: SingleUseKind = SingleUseKind::AuthorizationCode;

fn insert(row: &SingleUse) -> TenantWrite {
    TenantWrite::InsertSingleUse(Box::new(row.clone()))
}

fn consume(n: u64, kind: SingleUseKind, now: Timestamp) -> TenantWrite {
    TenantWrite::ConsumeSingleUse { kind, hash: hash(n), now }
}

const STALE: StoreError = StoreError::Stale(Entity::SingleUse);

pub(super) async fn a_secret_comes_back_until_it_is_spent(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    for (n, kind) in (1..).zip(SingleUseKind::ALL) {
        let row = single_use(n, kind);
        put(&tenant, [insert(&row)]).await.unwrap();
        assert_eq!(tenant.single_use(kind, &row.hash).await.unwrap().as_ref(), Some(&row));
        put(&tenant, [consume(n, kind, NOW)]).await.unwrap();
        assert_eq!(tenant.single_use(kind, &row.hash).await.unwrap(), None);
        assert_eq!(put(&tenant, [consume(n, kind, NOW)]).await, Err(STALE));
    }
    assert_eq!(put(&tenant, [consume(9, CODE, NOW)]).await, Err(STALE), "it was never there");
}

/// A refresh token sent as an authorization code must find nothing (the class of CVE-2026-4282).
pub(super) async fn kinds_are_strangers(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&single_use(1, CODE))]).await.unwrap();
    let other = SingleUseKind::RefreshToken;
    assert_eq!(tenant.single_use(other, &hash(1)).await.unwrap(), None);
    assert_eq!(put(&tenant, [consume(1, other, NOW)]).await, Err(STALE));
    put(&tenant, [insert(&single_use(1, other))]).await.expect("one hash may stand in two kinds");
    put(&tenant, [consume(1, other, NOW)]).await.unwrap();
    assert_eq!(tenant.single_use(CODE, &hash(1)).await.unwrap(), Some(single_use(1, CODE)));
}

pub(super) async fn a_hash_is_stored_once_even_when_spent(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&single_use(1, CODE))]).await.unwrap();
    let conflict = Err(StoreError::Conflict(Constraint::SingleUse));
    assert_eq!(put(&tenant, [insert(&single_use(1, CODE))]).await, conflict);
    put(&tenant, [consume(1, CODE, NOW)]).await.unwrap();
    assert_eq!(put(&tenant, [insert(&single_use(1, CODE))]).await, conflict, "or it could be spent twice");
    put(&tenant, [TenantWrite::ForgetExpired { now: END, limit: 10 }]).await.unwrap();
    put(&tenant, [insert(&single_use(1, CODE))]).await.expect("what is forgotten is free");
}

/// The hour is the one handed in, in the past and in the future of whatever clock the store has.
pub(super) async fn a_secret_is_dead_at_its_hour(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    for (n, hour) in (1..).zip([Timestamp(1000), NOW, Timestamp(16_000_000_000_000)]) {
        let row = SingleUse { expires_at: hour, ..single_use(n, CODE) };
        put(&tenant, [insert(&row)]).await.unwrap();
        assert_eq!(put(&tenant, [consume(n, CODE, hour)]).await, Err(STALE));
        assert_eq!(tenant.single_use(CODE, &row.hash).await.unwrap(), Some(row), "a read asks no clock");
        put(&tenant, [consume(n, CODE, Timestamp(hour.0 - 1))]).await.unwrap();
    }
}

pub(super) async fn of_a_hundred_redemptions_one_succeeds(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    for round in 0..5 {
        put(&tenant, [insert(&single_use(round, CODE))]).await.unwrap();
        let results = race(100, |n| {
            let tenant = Arc::clone(&tenant);
            let made = users::insert(&user(round * 1000 + n));
            async move { put(&tenant, [made, consume(round, CODE, NOW)]).await }
        })
        .await;
        assert_one_winner(results, &STALE);
    }
    let users = tenant.users(&crate::UserFilter::default(), super::fixtures::ALL).await.unwrap();
    assert_eq!(users.len(), 5, "only winners leave something");
}

pub(super) async fn a_redemption_that_is_undone_did_not_happen(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&single_use(1, CODE)), users::insert(&user(1))]).await.unwrap();
    put(&tenant, [consume(1, CODE, NOW), users::insert(&user(1))]).await.unwrap_err();
    assert_eq!(tenant.single_use(CODE, &hash(1)).await.unwrap(), Some(single_use(1, CODE)));
    assert_eq!(put(&tenant, [consume(1, CODE, NOW), consume(1, CODE, NOW)]).await, Err(STALE));
    put(&tenant, [consume(1, CODE, NOW)]).await.unwrap();
}
