use intelliauth_model::{SingleUse, SingleUseKind, TenantId};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, params};

use super::{Columns, one};

pub(crate) fn by_hash(
    connection: &Connection,
    tenant: TenantId,
    kind: SingleUseKind,
    hash: &[u8; 32],
) -> StoreResult<Option<SingleUse>> {
    const SQL: &str = "SELECT payload, expires_at FROM single_uses
         WHERE tenant_id = ?1 AND kind = ?2 AND hash = ?3 AND spent_at IS NULL";
    one(connection, SQL, params![tenant.to_bytes(), kind.as_str(), hash], |row| {
        Ok(SingleUse { kind, hash: *hash, payload: row.get("payload")?, expires_at: row.time("expires_at")? })
    })
}
