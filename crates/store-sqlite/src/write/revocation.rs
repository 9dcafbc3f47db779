use intelliauth_model::{NewRevocation, TenantId};
use intelliauth_store::{Entity, StoreError, StoreResult};
use rusqlite::{Connection, params};

use super::change;
use crate::read::one;

/// Gives the entry the next number. The counter stands in the tenant's row, not in the log: it must not run
/// backwards when entries are forgotten, and an undone transaction must give its number back.
pub(super) fn append(connection: &Connection, tenant: TenantId, entry: &NewRevocation) -> StoreResult<i64> {
    const NEXT: &str = "UPDATE tenants SET revocation_head = revocation_head + 1 WHERE id = ?1
         RETURNING revocation_head";
    const SQL: &str = "INSERT INTO revocations (tenant_id, seq, kind, id_hash, not_before, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let seq: i64 = one(connection, NEXT, [tenant.to_bytes()], |row| row.get(0))?
        .ok_or(StoreError::Stale(Entity::Tenant))?;
    let values = params![
        tenant.to_bytes(),
        seq,
        entry.kind.as_str(),
        entry.id_hash,
        entry.not_before.0,
        entry.expires_at.0,
    ];
    change(connection, SQL, values)?;
    Ok(seq)
}
