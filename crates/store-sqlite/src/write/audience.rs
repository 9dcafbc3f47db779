use intelliauth_model::{Audience, AudienceId, TenantId};
use intelliauth_store::{Entity, StoreResult};
use rusqlite::{Connection, params};

use super::{change, change_one, json};

pub(super) fn insert(connection: &Connection, tenant: TenantId, audience: &Audience) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO audiences (tenant_id, id, name, scopes, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5)";
    let Audience { id, name, scopes, created_at } = audience;
    let values = params![tenant.to_bytes(), id.as_str(), name, json(scopes)?, created_at.0];
    change(connection, SQL, values).map(drop)
}

pub(super) fn delete(connection: &Connection, tenant: TenantId, id: &AudienceId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM audiences WHERE tenant_id = ?1 AND id = ?2";
    change_one(connection, SQL, params![tenant.to_bytes(), id.as_str()], Entity::Audience)
}
