use intelliauth_model::{ApplicationId, IdempotencyKey, IdempotencyRecord, RecordedAnswer, TenantId};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, params};

use super::{Columns, one};

pub(crate) fn by_key(
    connection: &Connection,
    tenant: TenantId,
    client: ApplicationId,
    key: &IdempotencyKey,
) -> StoreResult<Option<IdempotencyRecord>> {
    const SQL: &str = "SELECT fingerprint, resource_id, expires_at FROM idempotency
         WHERE tenant_id = ?1 AND client_id = ?2 AND key = ?3";
    one(connection, SQL, params![tenant.to_bytes(), client.to_bytes(), key.as_str()], |row| {
        Ok(IdempotencyRecord {
            client,
            key: key.clone(),
            fingerprint: row.get("fingerprint")?,
            answer: RecordedAnswer { resource_id: row.get("resource_id")? },
            expires_at: row.time("expires_at")?,
        })
    })
}
