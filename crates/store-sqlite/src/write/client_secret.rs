use intelliauth_model::{ClientSecret, SecretId, TenantId, Timestamp};
use intelliauth_store::{Entity, StoreResult};
use rusqlite::{Connection, params};

use super::change_one;

pub(super) fn insert(connection: &Connection, tenant: TenantId, secret: &ClientSecret) -> StoreResult<()> {
    const SQL: &str =
        "INSERT INTO client_secrets (tenant_id, id, application_id, hash, created_at, expires_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6
         WHERE EXISTS (SELECT 1 FROM applications WHERE tenant_id = ?1 AND id = ?3)";
    let values = params![
        tenant.to_bytes(),
        secret.id.to_bytes(),
        secret.application.to_bytes(),
        secret.hash,
        secret.created_at.0,
        secret.expires_at.map(|at| at.0),
    ];
    change_one(connection, SQL, values, Entity::Application)
}

pub(super) fn expire(
    connection: &Connection,
    tenant: TenantId,
    id: SecretId,
    at: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE client_secrets SET expires_at = ?3
         WHERE tenant_id = ?1 AND id = ?2 AND expires_at IS NULL";
    change_one(connection, SQL, params![tenant.to_bytes(), id.to_bytes(), at.0], Entity::ClientSecret)
}

pub(super) fn delete(connection: &Connection, tenant: TenantId, id: SecretId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM client_secrets WHERE tenant_id = ?1 AND id = ?2";
    change_one(connection, SQL, [tenant.to_bytes(), id.to_bytes()], Entity::ClientSecret)
}
