use intelliauth_model::{SingleUse, SingleUseKind, TenantId, Timestamp};
use intelliauth_store::Entity;

use super::Step;
use crate::param::params;

pub(super) fn insert(tenant: TenantId, secret: &SingleUse) -> Step {
    const SQL: &str = "INSERT INTO single_uses (tenant_id, kind, hash, payload, expires_at)
         VALUES ($1, $2, $3, $4, $5)";
    let SingleUse { kind, hash, payload, expires_at } = secret;
    Step::any(SQL, params![tenant.to_bytes(), kind.as_str(), *hash, payload.as_str(), *expires_at])
}

/// One conditional statement whose row count decides: reading first and writing then is the race by which
/// codes are redeemed twice. What the secret stood for is wiped with it.
pub(super) fn consume(tenant: TenantId, kind: SingleUseKind, hash: &[u8; 32], now: Timestamp) -> Step {
    const SQL: &str = "UPDATE single_uses SET spent_at = $4, payload = ''
         WHERE tenant_id = $1 AND kind = $2 AND hash = $3 AND spent_at IS NULL AND expires_at > $4";
    Step::one(Entity::SingleUse, SQL, params![tenant.to_bytes(), kind.as_str(), *hash, now])
}
