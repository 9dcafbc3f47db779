use intelliauth_model::{Tenant, TenantId, TenantState, Version};
use intelliauth_store::{Entity, StoreError, StoreResult};
use rusqlite::{Connection, params};

use super::{change_one, json};
use crate::read::one;

/// Fails if the tenant is not there.
pub(super) fn require(connection: &Connection, id: TenantId) -> StoreResult<()> {
    const SQL: &str = "SELECT 1 FROM tenants WHERE id = ?1";
    one(connection, SQL, [id.to_bytes()], |_| Ok(()))?.ok_or(StoreError::Stale(Entity::Tenant))
}

/// Tells every cache of the tenant's configuration to read again.
pub(super) fn raise_config_version(connection: &Connection, id: TenantId) -> StoreResult<()> {
    const SQL: &str = "UPDATE tenants SET config_version = config_version + 1 WHERE id = ?1";
    change_one(connection, SQL, [id.to_bytes()], Entity::Tenant)
}

pub(super) fn insert(connection: &Connection, tenant: &Tenant) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO tenants (id, organisation_id, slug, name, issuer, authority, disabled_at,
             settings, version, config_version, revocation_head, created_at, updated_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, 0, ?10, ?11
         WHERE EXISTS (SELECT 1 FROM organisations WHERE id = ?2)";
    let values = params![
        tenant.id.to_bytes(),
        tenant.organisation.to_bytes(),
        tenant.slug.as_str(),
        tenant.name,
        tenant.issuer.as_str(),
        tenant.issuer.authority(),
        disabled_at(tenant.state),
        json(&tenant.settings)?,
        tenant.version.0,
        tenant.created_at.0,
        tenant.updated_at.0,
    ];
    change_one(connection, SQL, values, Entity::Organisation)
}

/// Organisation, slug and moment of birth never change and are left alone.
pub(super) fn update(
    connection: &Connection,
    id: TenantId,
    tenant: &Tenant,
    expected: Version,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE tenants SET name = ?3, issuer = ?4, authority = ?5, disabled_at = ?6,
             settings = ?7, version = version + 1, updated_at = ?8
         WHERE id = ?1 AND version = ?2";
    if tenant.id != id {
        return Err(StoreError::Stale(Entity::Tenant));
    }
    let values = params![
        id.to_bytes(),
        expected.0,
        tenant.name,
        tenant.issuer.as_str(),
        tenant.issuer.authority(),
        disabled_at(tenant.state),
        json(&tenant.settings)?,
        tenant.updated_at.0,
    ];
    change_one(connection, SQL, values, Entity::Tenant)
}

fn disabled_at(state: TenantState) -> Option<i64> {
    match state {
        TenantState::Active => None,
        TenantState::Disabled { since } => Some(since.0),
    }
}
