use intelliauth_model::{ApplicationId, ClientSecret, SecretId, TenantId};
use intelliauth_store::StoreResult;
use tokio_postgres::Row;

use super::{Columns, Query};
use crate::param::params;

pub(crate) fn list(tenant: TenantId, application: ApplicationId) -> Query<ClientSecret> {
    const SQL: &str = "SELECT id, application_id, hash, created_at, expires_at FROM client_secrets
         WHERE tenant_id = $1 AND application_id = $2 ORDER BY id DESC";
    Query { sql: SQL, params: params![tenant.to_bytes(), application.to_bytes()], map: secret }
}

fn secret(row: &Row) -> StoreResult<ClientSecret> {
    Ok(ClientSecret {
        id: SecretId::from_bytes(row.id("id")?),
        application: ApplicationId::from_bytes(row.id("application_id")?),
        hash: row.bytes("hash")?,
        created_at: row.time("created_at")?,
        expires_at: row.moment("expires_at")?,
    })
}
