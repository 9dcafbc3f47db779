use intelliauth_model::{Tenant, TenantId, TenantState, Timestamp, Version};
use intelliauth_store::{Entity, StoreResult};

use super::{Step, json};
use crate::{connection::hex, param::params};

/// Puts the rest of the transaction inside the tenant's fence.
pub(super) fn enter_fence(id: TenantId) -> Step {
    const SQL: &str = "SELECT set_config('intelliauth.tenant', $1, true)";
    Step::any(SQL, params![hex(id.to_bytes())])
}

/// Puts the rest of the transaction outside of every fence again.
pub(super) fn leave_fence() -> Step {
    Step::any("SELECT set_config('intelliauth.tenant', '', true)", Vec::new())
}

/// Fails if the tenant is not there.
pub(super) fn require(id: TenantId) -> Step {
    const SQL: &str = "SELECT 1 FROM tenants WHERE id = $1";
    Step::one(Entity::Tenant, SQL, params![id.to_bytes()])
}

/// The same, and lets nobody else change the row until the end.
pub(super) fn lock(id: TenantId) -> Step {
    const SQL: &str = "SELECT 1 FROM tenants WHERE id = $1 FOR NO KEY UPDATE";
    Step::one(Entity::Tenant, SQL, params![id.to_bytes()])
}

/// Tells every cache of the tenant's configuration to read again.
pub(super) fn raise_config_version(id: TenantId) -> Step {
    const SQL: &str = "UPDATE tenants SET config_version = config_version + 1 WHERE id = $1";
    Step::one(Entity::Tenant, SQL, params![id.to_bytes()])
}

pub(super) fn insert(tenant: &Tenant) -> StoreResult<Step> {
    const SQL: &str = "INSERT INTO tenants (id, organisation_id, slug, name, issuer, authority, disabled_at,
             settings, version, config_version, revocation_head, created_at, updated_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 0, $10, $11
         WHERE EXISTS (SELECT 1 FROM organisations WHERE id = $2)";
    let values = params![
        tenant.id.to_bytes(),
        tenant.organisation.to_bytes(),
        tenant.slug.as_str(),
        tenant.name.as_str(),
        tenant.issuer.as_str(),
        tenant.issuer.authority(),
        disabled_at(tenant.state),
        json(&tenant.settings)?,
        tenant.version.0,
        tenant.created_at,
        tenant.updated_at,
    ];
    Ok(Step::one(Entity::Organisation, SQL, values))
}

/// Organisation, slug and moment of birth never change and are left alone. A row that is another tenant's is
/// not there.
pub(super) fn update(id: TenantId, tenant: &Tenant, expected: Version) -> StoreResult<Step> {
    const SQL: &str = "UPDATE tenants SET name = $4, issuer = $5, authority = $6, disabled_at = $7,
             settings = $8, version = version + 1, updated_at = $9
         WHERE id = $1 AND id = $2 AND version = $3";
    let values = params![
        id.to_bytes(),
        tenant.id.to_bytes(),
        expected.0,
        tenant.name.as_str(),
        tenant.issuer.as_str(),
        tenant.issuer.authority(),
        disabled_at(tenant.state),
        json(&tenant.settings)?,
        tenant.updated_at,
    ];
    Ok(Step::one(Entity::Tenant, SQL, values))
}

fn disabled_at(state: TenantState) -> Option<Timestamp> {
    match state {
        TenantState::Active => None,
        TenantState::Disabled { since } => Some(since),
    }
}
