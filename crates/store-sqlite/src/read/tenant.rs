use intelliauth_model::{OrganisationId, Tenant, TenantId, TenantState, Version};
use intelliauth_store::{Page, StoreResult, TenantVersions};
use rusqlite::{Connection, Row, params};

use super::{Columns, before, many, one};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organisation_id, slug, name, issuer, disabled_at, settings, version, ",
            "created_at, updated_at FROM tenants ",
            $rest
        )
    };
}

pub(crate) fn by_id(connection: &Connection, id: TenantId) -> StoreResult<Option<Tenant>> {
    one(connection, select!("WHERE id = ?1"), [id.to_bytes()], tenant)
}

pub(crate) fn by_authority(connection: &Connection, authority: &str) -> StoreResult<Option<Tenant>> {
    one(connection, select!("WHERE authority = ?1"), [authority], tenant)
}

pub(crate) fn list(connection: &Connection, page: Page) -> StoreResult<Vec<Tenant>> {
    const SQL: &str = select!("WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
    many(connection, SQL, params![before(&page), page.limit], tenant)
}

pub(crate) fn versions(connection: &Connection, id: TenantId) -> StoreResult<TenantVersions> {
    const SQL: &str = "SELECT config_version, revocation_head FROM tenants WHERE id = ?1";
    let versions = one(connection, SQL, [id.to_bytes()], |row| {
        Ok(TenantVersions {
            configuration: row.get("config_version")?,
            revocations: row.get("revocation_head")?,
        })
    })?;
    Ok(versions.unwrap_or_default())
}

fn tenant(row: &Row<'_>) -> rusqlite::Result<Tenant> {
    Ok(Tenant {
        id: TenantId::from_bytes(row.get("id")?),
        organisation: OrganisationId::from_bytes(row.get("organisation_id")?),
        slug: row.parsed("slug")?,
        name: row.get("name")?,
        issuer: row.parsed("issuer")?,
        state: row
            .moment("disabled_at")?
            .map_or(TenantState::Active, |since| TenantState::Disabled { since }),
        settings: row.json("settings")?,
        version: Version(row.get("version")?),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
