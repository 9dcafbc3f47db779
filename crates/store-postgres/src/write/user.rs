use intelliauth_model::{TenantId, Timestamp, User, UserId, UserState, Version};
use intelliauth_store::{Entity, StoreResult};

use super::{Step, json};
use crate::param::params;

pub(super) fn insert(tenant: TenantId, user: &User) -> StoreResult<Step> {
    const SQL: &str = "INSERT INTO users (tenant_id, id, email, email_verified, profile, password_hash,
             password_must_be_reset, disabled_at, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let values = params![
        tenant.to_bytes(),
        user.id.to_bytes(),
        user.email.as_str(),
        user.email_verified,
        json(&user.profile)?,
        password_hash(user),
        user.password_must_be_reset,
        disabled_at(user.state),
        user.version.0,
        user.created_at,
        user.updated_at,
    ];
    Ok(Step::any(SQL, values))
}

/// The moment of birth never changes and is left alone.
pub(super) fn update(tenant: TenantId, user: &User, expected: Version) -> StoreResult<Step> {
    const SQL: &str = "UPDATE users SET email = $4, email_verified = $5, profile = $6, password_hash = $7,
             password_must_be_reset = $8, disabled_at = $9, version = version + 1, updated_at = $10
         WHERE tenant_id = $1 AND id = $2 AND version = $3";
    let values = params![
        tenant.to_bytes(),
        user.id.to_bytes(),
        expected.0,
        user.email.as_str(),
        user.email_verified,
        json(&user.profile)?,
        password_hash(user),
        user.password_must_be_reset,
        disabled_at(user.state),
        user.updated_at,
    ];
    Ok(Step::one(Entity::User, SQL, values))
}

/// The row is locked first: a session that is being added in the same moment is then either seen and removed, or
/// finds no user.
pub(super) fn delete(tenant: TenantId, id: UserId, expected: Version) -> [Step; 3] {
    const LOCK: &str = "SELECT 1 FROM users WHERE tenant_id = $1 AND id = $2 AND version = $3 FOR UPDATE";
    const SESSIONS: &str = "DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2";
    const SQL: &str = "DELETE FROM users WHERE tenant_id = $1 AND id = $2";
    let (tenant, id) = (tenant.to_bytes(), id.to_bytes());
    [
        Step::one(Entity::User, LOCK, params![tenant, id, expected.0]),
        Step::any(SESSIONS, params![tenant, id]),
        Step::one(Entity::User, SQL, params![tenant, id]),
    ]
}

fn password_hash(user: &User) -> Option<String> {
    user.password_hash.as_ref().map(|hash| hash.0.clone())
}

fn disabled_at(state: UserState) -> Option<Timestamp> {
    match state {
        UserState::Active => None,
        UserState::Disabled { since } => Some(since),
    }
}
