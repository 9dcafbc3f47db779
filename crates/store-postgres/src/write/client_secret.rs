use intelliauth_model::{ClientSecret, SecretId, TenantId, Timestamp};
use intelliauth_store::Entity;

use super::Step;
use crate::param::params;

pub(super) fn insert(tenant: TenantId, secret: &ClientSecret) -> Step {
    const SQL: &str =
        "INSERT INTO client_secrets (tenant_id, id, application_id, hash, created_at, expires_at)
         SELECT $1, $2, $3, $4, $5, $6
         WHERE EXISTS (SELECT 1 FROM applications WHERE tenant_id = $1 AND id = $3)";
    let values = params![
        tenant.to_bytes(),
        secret.id.to_bytes(),
        secret.application.to_bytes(),
        secret.hash,
        secret.created_at,
        secret.expires_at,
    ];
    Step::one(Entity::Application, SQL, values)
}

pub(super) fn expire(tenant: TenantId, id: SecretId, at: Timestamp) -> Step {
    const SQL: &str = "UPDATE client_secrets SET expires_at = $3
         WHERE tenant_id = $1 AND id = $2 AND expires_at IS NULL";
    Step::one(Entity::ClientSecret, SQL, params![tenant.to_bytes(), id.to_bytes(), at])
}

pub(super) fn delete(tenant: TenantId, id: SecretId) -> Step {
    const SQL: &str = "DELETE FROM client_secrets WHERE tenant_id = $1 AND id = $2";
    Step::one(Entity::ClientSecret, SQL, params![tenant.to_bytes(), id.to_bytes()])
}
