use intelliauth_model::{KeyState, SigningKeyRecord, TenantId, Timestamp};
use intelliauth_store::Entity;

use super::Step;
use crate::param::params;

pub(super) fn insert(tenant: TenantId, key: &SigningKeyRecord) -> Step {
    const SQL: &str = "INSERT INTO signing_keys (tenant_id, kid, algorithm, state, state_since, state_until,
             sealed_private, public_jwk, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (since, until) = moments(key.state);
    let values = params![
        tenant.to_bytes(),
        key.kid.as_str(),
        key.algorithm.as_str(),
        key.state.name(),
        since,
        until,
        key.sealed_private.as_slice(),
        key.public_jwk.as_str(),
        key.created_at,
    ];
    Step::any(SQL, values)
}

/// Moves a key between states. Partial unique indexes see to it that no second key signs.
pub(super) fn shift(tenant: TenantId, kid: &str, from: &str, to: KeyState) -> Step {
    const SQL: &str = "UPDATE signing_keys SET state = $4, state_since = $5, state_until = $6
         WHERE tenant_id = $1 AND kid = $2 AND state = $3";
    let (since, until) = moments(to);
    Step::one(Entity::Key, SQL, params![tenant.to_bytes(), kid, from, to.name(), since, until])
}

pub(super) fn delete(tenant: TenantId, kid: &str) -> Step {
    const SQL: &str = "DELETE FROM signing_keys WHERE tenant_id = $1 AND kid = $2";
    Step::one(Entity::Key, SQL, params![tenant.to_bytes(), kid])
}

fn moments(state: KeyState) -> (Timestamp, Option<Timestamp>) {
    match state {
        KeyState::Next { published_at } => (published_at, None),
        KeyState::Current { since } => (since, None),
        KeyState::Previous { since, until } => (since, Some(until)),
    }
}
