use intelliauth_model::{SingleUse, SingleUseKind, TenantId, Timestamp};
use intelliauth_store::{Entity, StoreResult};
use rusqlite::{Connection, params};

use super::{change, change_one};

pub(super) fn insert(connection: &Connection, tenant: TenantId, secret: &SingleUse) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO single_uses (tenant_id, kind, hash, payload, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5)";
    let SingleUse { kind, hash, payload, expires_at } = secret;
    let values = params![tenant.to_bytes(), kind.as_str(), hash, payload, expires_at.0];
    change(connection, SQL, values).map(drop)
}

/// One conditional statement whose row count decides: reading first and writing then is the race by which
/// codes are redeemed twice. What the secret stood for is wiped with it.
pub(super) fn consume(
    connection: &Connection,
    tenant: TenantId,
    kind: SingleUseKind,
    hash: &[u8; 32],
    now: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE single_uses SET spent_at = ?4, payload = ''
         WHERE tenant_id = ?1 AND kind = ?2 AND hash = ?3 AND spent_at IS NULL AND expires_at > ?4";
    let values = params![tenant.to_bytes(), kind.as_str(), hash, now.0];
    change_one(connection, SQL, values, Entity::SingleUse)
}
