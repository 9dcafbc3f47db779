use intelliauth_model::{Audience, TenantId};
use intelliauth_store::StoreResult;
use tokio_postgres::Row;

use super::{Columns, Query};
use crate::param::params;

pub(crate) fn list(tenant: TenantId) -> Query<Audience> {
    const SQL: &str = "SELECT id, name, scopes, created_at FROM audiences WHERE tenant_id = $1 ORDER BY id";
    Query { sql: SQL, params: params![tenant.to_bytes()], map: audience }
}

fn audience(row: &Row) -> StoreResult<Audience> {
    Ok(Audience {
        id: row.parsed("id")?,
        name: row.value("name")?,
        scopes: row.json("scopes")?,
        created_at: row.time("created_at")?,
    })
}
