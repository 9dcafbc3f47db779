use intelliauth_model::{TenantId, User, UserId, UserState, Version};
use intelliauth_store::{Entity, StoreResult};
use rusqlite::{Connection, params};

use super::{change, change_one, json};

pub(super) fn insert(connection: &Connection, tenant: TenantId, user: &User) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO users (tenant_id, id, email, email_verified, profile, password_hash,
             password_must_be_reset, disabled_at, version, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let values = params![
        tenant.to_bytes(),
        user.id.to_bytes(),
        user.email.as_str(),
        user.email_verified,
        json(&user.profile)?,
        user.password_hash.as_ref().map(|hash| &hash.0),
        user.password_must_be_reset,
        disabled_at(user.state),
        user.version.0,
        user.created_at.0,
        user.updated_at.0,
    ];
    change(connection, SQL, values).map(drop)
}

/// The moment of birth never changes and is left alone.
pub(super) fn update(
    connection: &Connection,
    tenant: TenantId,
    user: &User,
    expected: Version,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE users SET email = ?4, email_verified = ?5, profile = ?6, password_hash = ?7,
             password_must_be_reset = ?8, disabled_at = ?9, version = version + 1, updated_at = ?10
         WHERE tenant_id = ?1 AND id = ?2 AND version = ?3";
    let values = params![
        tenant.to_bytes(),
        user.id.to_bytes(),
        expected.0,
        user.email.as_str(),
        user.email_verified,
        json(&user.profile)?,
        user.password_hash.as_ref().map(|hash| &hash.0),
        user.password_must_be_reset,
        disabled_at(user.state),
        user.updated_at.0,
    ];
    change_one(connection, SQL, values, Entity::User)
}

pub(super) fn delete(
    connection: &Connection,
    tenant: TenantId,
    id: UserId,
    expected: Version,
) -> StoreResult<()> {
    const SESSIONS: &str = "DELETE FROM sessions WHERE tenant_id = ?1 AND user_id = ?2";
    const SQL: &str = "DELETE FROM users WHERE tenant_id = ?1 AND id = ?2 AND version = ?3";
    change(connection, SESSIONS, params![tenant.to_bytes(), id.to_bytes()])?;
    change_one(connection, SQL, params![tenant.to_bytes(), id.to_bytes(), expected.0], Entity::User)
}

fn disabled_at(state: UserState) -> Option<i64> {
    match state {
        UserState::Active => None,
        UserState::Disabled { since } => Some(since.0),
    }
}
