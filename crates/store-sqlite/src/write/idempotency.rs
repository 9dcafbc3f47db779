use intelliauth_model::{IdempotencyRecord, TenantId, Timestamp};
use intelliauth_store::{Constraint, StoreError, StoreResult};
use rusqlite::{Connection, params};

use super::change;

pub(super) fn remember(
    connection: &Connection,
    tenant: TenantId,
    record: &IdempotencyRecord,
    now: Timestamp,
) -> StoreResult<()> {
    const SQL: &str =
        "INSERT INTO idempotency (tenant_id, client_id, key, fingerprint, resource_id, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (tenant_id, client_id, key) DO UPDATE
         SET fingerprint = excluded.fingerprint, resource_id = excluded.resource_id,
             expires_at = excluded.expires_at
         WHERE idempotency.expires_at <= ?7";
    let values = params![
        tenant.to_bytes(),
        record.client.to_bytes(),
        record.key.as_str(),
        record.fingerprint,
        record.answer.resource_id,
        record.expires_at.0,
        now.0,
    ];
    match change(connection, SQL, values)? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Constraint::IdempotencyKey)),
    }
}
