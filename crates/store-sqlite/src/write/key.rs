use intelliauth_model::{KeyState, SigningKeyRecord, TenantId};
use intelliauth_store::{Entity, StoreResult};
use rusqlite::{Connection, params};

use super::{change, change_one};

pub(super) fn insert(connection: &Connection, tenant: TenantId, key: &SigningKeyRecord) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO signing_keys (tenant_id, kid, algorithm, state, state_since, state_until,
             sealed_private, public_jwk, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let (since, until) = moments(key.state);
    let values = params![
        tenant.to_bytes(),
        key.kid,
        key.algorithm.as_str(),
        key.state.name(),
        since,
        until,
        key.sealed_private,
        key.public_jwk,
        key.created_at.0,
    ];
    change(connection, SQL, values).map(drop)
}

/// Moves a key between states. Partial unique indexes see to it that no second key signs.
pub(super) fn shift(
    connection: &Connection,
    tenant: TenantId,
    kid: &str,
    from: &str,
    to: &KeyState,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE signing_keys SET state = ?4, state_since = ?5, state_until = ?6
         WHERE tenant_id = ?1 AND kid = ?2 AND state = ?3";
    let (since, until) = moments(*to);
    let values = params![tenant.to_bytes(), kid, from, to.name(), since, until];
    change_one(connection, SQL, values, Entity::Key)
}

pub(super) fn delete(connection: &Connection, tenant: TenantId, kid: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM signing_keys WHERE tenant_id = ?1 AND kid = ?2";
    change_one(connection, SQL, params![tenant.to_bytes(), kid], Entity::Key)
}

fn moments(state: KeyState) -> (i64, Option<i64>) {
    match state {
        KeyState::Next { published_at } => (published_at.0, None),
        KeyState::Current { since } => (since.0, None),
        KeyState::Previous { since, until } => (since.0, Some(until.0)),
    }
}
