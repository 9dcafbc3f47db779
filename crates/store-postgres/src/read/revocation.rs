use intelliauth_model::{NewRevocation, Revocation, RevocationKind, TenantId};
use intelliauth_store::StoreResult;
use tokio_postgres::Row;

use super::{Columns, Query};
use crate::param::params;

pub(crate) fn after(tenant: TenantId, seq: i64, limit: u32) -> Query<Revocation> {
    const SQL: &str = "SELECT seq, kind, id_hash, not_before, expires_at FROM revocations
         WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    Query { sql: SQL, params: params![tenant.to_bytes(), seq, limit], map: revocation }
}

fn revocation(row: &Row) -> StoreResult<Revocation> {
    Ok(Revocation {
        seq: row.value("seq")?,
        entry: NewRevocation {
            kind: row.named("kind", RevocationKind::from_name)?,
            id_hash: row.bytes("id_hash")?,
            not_before: row.time("not_before")?,
            expires_at: row.time("expires_at")?,
        },
    })
}
