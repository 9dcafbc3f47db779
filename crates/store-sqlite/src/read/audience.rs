use intelliauth_model::{Audience, TenantId};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, Row};

use super::{Columns, many};

pub(crate) fn list(connection: &Connection, tenant: TenantId) -> StoreResult<Vec<Audience>> {
    const SQL: &str = "SELECT id, name, scopes, created_at FROM audiences WHERE tenant_id = ?1 ORDER BY id";
    many(connection, SQL, [tenant.to_bytes()], audience)
}

fn audience(row: &Row<'_>) -> rusqlite::Result<Audience> {
    Ok(Audience {
        id: row.parsed("id")?,
        name: row.get("name")?,
        scopes: row.json("scopes")?,
        created_at: row.time("created_at")?,
    })
}
