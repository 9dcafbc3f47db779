use intelliauth_model::{NewRevocation, Revocation, RevocationKind, TenantId};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, Row, params};

use super::{Columns, many};

pub(crate) fn after(
    connection: &Connection,
    tenant: TenantId,
    seq: i64,
    limit: u32,
) -> StoreResult<Vec<Revocation>> {
    const SQL: &str = "SELECT seq, kind, id_hash, not_before, expires_at FROM revocations
         WHERE tenant_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    many(connection, SQL, params![tenant.to_bytes(), seq, limit], revocation)
}

fn revocation(row: &Row<'_>) -> rusqlite::Result<Revocation> {
    Ok(Revocation {
        seq: row.get("seq")?,
        entry: NewRevocation {
            kind: row.named("kind", RevocationKind::from_name)?,
            id_hash: row.get("id_hash")?,
            not_before: row.time("not_before")?,
            expires_at: row.time("expires_at")?,
        },
    })
}
