use intelliauth_model::{ApplicationId, ClientSecret, SecretId, TenantId};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, Row};

use super::{Columns, many};

pub(crate) fn list(
    connection: &Connection,
    tenant: TenantId,
    application: ApplicationId,
) -> StoreResult<Vec<ClientSecret>> {
    // Named, or the planner takes the primary key and reads the secrets of every application.
    const SQL: &str = "SELECT id, application_id, hash, created_at, expires_at
         FROM client_secrets INDEXED BY client_secrets_application
         WHERE tenant_id = ?1 AND application_id = ?2 ORDER BY id DESC";
    many(connection, SQL, [tenant.to_bytes(), application.to_bytes()], secret)
}

fn secret(row: &Row<'_>) -> rusqlite::Result<ClientSecret> {
    Ok(ClientSecret {
        id: SecretId::from_bytes(row.get("id")?),
        application: ApplicationId::from_bytes(row.get("application_id")?),
        hash: row.get("hash")?,
        created_at: row.time("created_at")?,
        expires_at: row.moment("expires_at")?,
    })
}
