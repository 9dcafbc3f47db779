use intelliauth_model::{Session, SessionId, SessionState, TenantId, Timestamp};
use intelliauth_store::{Entity, StoreResult};
use rusqlite::{Connection, params};

use super::{change_one, json};

pub(super) fn insert(connection: &Connection, tenant: TenantId, session: &Session) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO sessions (tenant_id, id, user_id, application_id, level, amr, ended_at,
             created_at, expires_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
         WHERE EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = ?3)";
    let ended_at = match session.state {
        SessionState::Active => None,
        SessionState::Ended { at } => Some(at.0),
    };
    let values = params![
        tenant.to_bytes(),
        session.id.to_bytes(),
        session.user.to_bytes(),
        session.application.to_bytes(),
        session.level.acr(),
        json(&session.amr)?,
        ended_at,
        session.created_at.0,
        session.expires_at.0,
    ];
    change_one(connection, SQL, values, Entity::User)
}

pub(super) fn end(
    connection: &Connection,
    tenant: TenantId,
    id: SessionId,
    at: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE sessions SET ended_at = ?3
         WHERE tenant_id = ?1 AND id = ?2 AND ended_at IS NULL";
    change_one(connection, SQL, params![tenant.to_bytes(), id.to_bytes(), at.0], Entity::Session)
}
