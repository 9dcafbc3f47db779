use intelliauth_model::{Session, SessionId, SessionState, TenantId, Timestamp};
use intelliauth_store::{Entity, StoreResult};

use super::{Step, json};
use crate::param::params;

pub(super) fn insert(tenant: TenantId, session: &Session) -> StoreResult<Step> {
    const SQL: &str = "INSERT INTO sessions (tenant_id, id, user_id, application_id, level, amr, ended_at,
             created_at, expires_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
         WHERE EXISTS (SELECT 1 FROM users WHERE tenant_id = $1 AND id = $3)";
    let ended_at = match session.state {
        SessionState::Active => None,
        SessionState::Ended { at } => Some(at),
    };
    let values = params![
        tenant.to_bytes(),
        session.id.to_bytes(),
        session.user.to_bytes(),
        session.application.to_bytes(),
        session.level.acr(),
        json(&session.amr)?,
        ended_at,
        session.created_at,
        session.expires_at,
    ];
    Ok(Step::one(Entity::User, SQL, values))
}

pub(super) fn end(tenant: TenantId, id: SessionId, at: Timestamp) -> Step {
    const SQL: &str = "UPDATE sessions SET ended_at = $3
         WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL";
    Step::one(Entity::Session, SQL, params![tenant.to_bytes(), id.to_bytes(), at])
}
