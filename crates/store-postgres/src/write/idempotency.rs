use intelliauth_model::{IdempotencyRecord, TenantId, Timestamp};
use intelliauth_store::Constraint;

use super::Step;
use crate::param::params;

/// Of two at once the second waits for the first and then sees its row, also at READ COMMITTED.
pub(super) fn remember(tenant: TenantId, record: &IdempotencyRecord, now: Timestamp) -> Step {
    const SQL: &str =
        "INSERT INTO idempotency (tenant_id, client_id, key, fingerprint, resource_id, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, client_id, key) DO UPDATE
         SET fingerprint = excluded.fingerprint, resource_id = excluded.resource_id,
             expires_at = excluded.expires_at
         WHERE idempotency.expires_at <= $7";
    let values = params![
        tenant.to_bytes(),
        record.client.to_bytes(),
        record.key.as_str(),
        record.fingerprint,
        record.answer.resource_id.as_str(),
        record.expires_at,
        now,
    ];
    Step::free(Constraint::IdempotencyKey, SQL, values)
}
