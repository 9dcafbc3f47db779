use intelliauth_model::{ApplicationId, IdempotencyKey, IdempotencyRecord, RecordedAnswer, TenantId};
use intelliauth_store::StoreResult;
use tokio_postgres::Row;

use super::{Columns, Query};
use crate::param::params;

pub(crate) fn by_key(
    tenant: TenantId,
    client: ApplicationId,
    key: &IdempotencyKey,
) -> Query<IdempotencyRecord> {
    const SQL: &str = "SELECT client_id, key, fingerprint, resource_id, expires_at FROM idempotency
         WHERE tenant_id = $1 AND client_id = $2 AND key = $3";
    Query { sql: SQL, params: params![tenant.to_bytes(), client.to_bytes(), key.as_str()], map: record }
}

fn record(row: &Row) -> StoreResult<IdempotencyRecord> {
    Ok(IdempotencyRecord {
        client: ApplicationId::from_bytes(row.id("client_id")?),
        key: row.parsed("key")?,
        fingerprint: row.bytes("fingerprint")?,
        answer: RecordedAnswer { resource_id: row.value("resource_id")? },
        expires_at: row.time("expires_at")?,
    })
}
