use intelliauth_model::{OrganisationId, Tenant, TenantId, TenantState, Version};
use intelliauth_store::{Page, StoreResult, TenantVersions};
use tokio_postgres::Row;

use super::{Columns, Query, before};
use crate::param::params;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organisation_id, slug, name, issuer, disabled_at, settings, version, ",
            "created_at, updated_at FROM tenants ",
            $rest
        )
    };
}

pub(crate) fn by_id(id: TenantId) -> Query<Tenant> {
    Query { sql: select!("WHERE id = $1"), params: params![id.to_bytes()], map: tenant }
}

pub(crate) fn by_authority(authority: &str) -> Query<Tenant> {
    Query { sql: select!("WHERE authority = $1"), params: params![authority], map: tenant }
}

pub(crate) fn list(page: Page) -> Query<Tenant> {
    const SQL: &str = select!("WHERE id < $1 ORDER BY id DESC LIMIT $2");
    Query { sql: SQL, params: params![before(page), page.limit], map: tenant }
}

pub(crate) fn versions(id: TenantId) -> Query<TenantVersions> {
    const SQL: &str = "SELECT config_version, revocation_head FROM tenants WHERE id = $1";
    let map = |row: &Row| {
        let (configuration, revocations) = (row.value("config_version")?, row.value("revocation_head")?);
        Ok(TenantVersions { configuration, revocations })
    };
    Query { sql: SQL, params: params![id.to_bytes()], map }
}

fn tenant(row: &Row) -> StoreResult<Tenant> {
    Ok(Tenant {
        id: TenantId::from_bytes(row.id("id")?),
        organisation: OrganisationId::from_bytes(row.id("organisation_id")?),
        slug: row.parsed("slug")?,
        name: row.value("name")?,
        issuer: row.parsed("issuer")?,
        state: row
            .moment("disabled_at")?
            .map_or(TenantState::Active, |since| TenantState::Disabled { since }),
        settings: row.json("settings")?,
        version: Version(row.value("version")?),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
