use std::sync::Arc;

use intelliauth_model::{KeyAlgorithm, KeyState, SigningKeyRecord};

use super::{
    fixtures::{CURRENT, END, NEXT, NOW, PREVIOUS, key, open_one, put},
    race::{assert_one_winner, race},
};
use crate::{Constraint, Entity, Store, StoreError, TenantStore, TenantWrite};

fn insert(row: SigningKeyRecord) -> TenantWrite {
    TenantWrite::InsertKey(Box::new(row))
}

fn shift(n: u64, from: &'static str, to: KeyState) -> TenantWrite {
    TenantWrite::MoveKey { kid: key(n, to).kid, from, to }
}

async fn states(tenant: &Arc<dyn TenantStore>) -> Vec<(String, &'static str)> {
    tenant.keys().await.unwrap().into_iter().map(|key| (key.kid, key.state.name())).collect()
}

pub(super) async fn keys_come_back_oldest_first(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let ec = SigningKeyRecord { algorithm: KeyAlgorithm::ES256, ..key(4, CURRENT) };
    let ed = SigningKeyRecord {
        algorithm: KeyAlgorithm::EdDSA,
        sealed_private: (0..=255).cycle().take(5000).collect(),
        ..key(5, NEXT)
    };
    let rows = [key(3, NEXT), key(1, PREVIOUS), ed.clone(), key(2, CURRENT), ec.clone()];
    put(&tenant, rows.map(insert)).await.unwrap();
    let listed = tenant.keys().await.unwrap();
    assert_eq!(listed, [key(1, PREVIOUS), key(2, CURRENT), key(3, NEXT), ec, ed]);
}

pub(super) async fn a_key_id_is_taken_once(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(key(1, PREVIOUS))]).await.unwrap();
    let other_algorithm = SigningKeyRecord { algorithm: KeyAlgorithm::ES256, ..key(1, NEXT) };
    assert_eq!(put(&tenant, [insert(other_algorithm)]).await, Err(StoreError::Conflict(Constraint::KeyId)));
    assert_eq!(tenant.keys().await.unwrap(), [key(1, PREVIOUS)]);
}

pub(super) async fn one_key_signs_and_one_waits(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(key(1, CURRENT)), insert(key(2, NEXT))]).await.unwrap();
    let conflict = Err(StoreError::Conflict(Constraint::KeyId));
    assert_eq!(put(&tenant, [insert(key(3, CURRENT))]).await, conflict);
    assert_eq!(put(&tenant, [insert(key(3, NEXT))]).await, conflict);
    assert_eq!(put(&tenant, [shift(2, "next", CURRENT)]).await, conflict, "the old one must retire first");
    put(&tenant, [insert(key(3, PREVIOUS)), insert(key(4, PREVIOUS))]).await.unwrap();
    let other = SigningKeyRecord { algorithm: KeyAlgorithm::ES256, ..key(5, CURRENT) };
    put(&tenant, [insert(other)]).await.expect("each algorithm has a key of its own");

    let rotation = [shift(1, "current", PREVIOUS), shift(2, "next", CURRENT), insert(key(6, NEXT))];
    put(&tenant, rotation).await.unwrap();
    let names: Vec<_> = states(&tenant).await.into_iter().map(|(_, state)| state).collect();
    assert_eq!(names, ["previous", "current", "previous", "previous", "current", "next"]);
}

pub(super) async fn a_key_moves_only_from_the_state_named(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(key(1, CURRENT))]).await.unwrap();
    let stale = Err(StoreError::Stale(Entity::Key));
    assert_eq!(put(&tenant, [shift(1, "next", CURRENT)]).await, stale);
    assert_eq!(put(&tenant, [shift(2, "current", PREVIOUS)]).await, stale);
    let retired = KeyState::Previous { since: NOW.plus_seconds(1), until: END.plus_seconds(1) };
    put(&tenant, [shift(1, "current", retired)]).await.unwrap();
    assert_eq!(tenant.keys().await.unwrap(), [key(1, retired)], "the moments come with the state");
    put(&tenant, [shift(1, "previous", NEXT)]).await.unwrap();
    assert_eq!(tenant.keys().await.unwrap(), [key(1, NEXT)], "and go with it");
}

pub(super) async fn of_many_rotations_one_is_done(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(key(1, CURRENT)), insert(key(2, NEXT))]).await.unwrap();
    let results = race(32, |n| {
        let tenant = Arc::clone(&tenant);
        let rotation = [shift(1, "current", PREVIOUS), shift(2, "next", CURRENT), insert(key(100 + n, NEXT))];
        async move { put(&tenant, rotation).await }
    })
    .await;
    assert_one_winner(results, &StoreError::Stale(Entity::Key));
    let states = states(&tenant).await;
    assert_eq!(states.len(), 3);
    assert_eq!(states.iter().filter(|(_, state)| *state == "current").count(), 1);
}

pub(super) async fn a_withdrawn_key_is_gone(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(key(1, CURRENT)), insert(key(2, NEXT))]).await.unwrap();
    let withdraw = || [TenantWrite::DeleteKey("kid1".to_owned())];
    put(&tenant, withdraw()).await.unwrap();
    assert_eq!(put(&tenant, withdraw()).await, Err(StoreError::Stale(Entity::Key)));
    assert_eq!(tenant.keys().await.unwrap(), [key(2, NEXT)]);
    put(&tenant, [shift(2, "next", CURRENT)]).await.expect("its place is free");
}
