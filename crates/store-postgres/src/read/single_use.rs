use intelliauth_model::{SingleUse, SingleUseKind, TenantId};
use intelliauth_store::StoreResult;
use tokio_postgres::Row;

use super::{Columns, Query};
use crate::param::params;

pub(crate) fn by_hash(tenant: TenantId, kind: SingleUseKind, hash: &[u8; 32]) -> Query<SingleUse> {
    const SQL: &str = "SELECT kind, hash, payload, expires_at FROM single_uses
         WHERE tenant_id = $1 AND kind = $2 AND hash = $3 AND spent_at IS NULL";
    Query { sql: SQL, params: params![tenant.to_bytes(), kind.as_str(), *hash], map: secret }
}

fn secret(row: &Row) -> StoreResult<SingleUse> {
    Ok(SingleUse {
        kind: row.named("kind", |name| SingleUseKind::ALL.into_iter().find(|kind| kind.as_str() == name))?,
        hash: row.bytes("hash")?,
        payload: row.value("payload")?,
        expires_at: row.time("expires_at")?,
    })
}
