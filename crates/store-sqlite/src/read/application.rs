use intelliauth_model::{Application, ApplicationId, ApplicationState, TenantId, Version};
use intelliauth_store::{Page, StoreResult};
use rusqlite::{Connection, Row, params};

use super::{Columns, before, many, one, unreadable};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, kind, disabled_at, redirect_uris, allowed_origins, allowed_scopes, audiences, ",
            "access_token_seconds, signing_algorithm, version, created_at, updated_at FROM applications ",
            $rest
        )
    };
}

pub(crate) fn by_id(
    connection: &Connection,
    tenant: TenantId,
    id: ApplicationId,
) -> StoreResult<Option<Application>> {
    const SQL: &str = select!("WHERE tenant_id = ?1 AND id = ?2");
    one(connection, SQL, [tenant.to_bytes(), id.to_bytes()], application)
}

pub(crate) fn list(connection: &Connection, tenant: TenantId, page: Page) -> StoreResult<Vec<Application>> {
    const SQL: &str = select!("WHERE tenant_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3");
    many(connection, SQL, params![tenant.to_bytes(), before(&page), page.limit], application)
}

fn application(row: &Row<'_>) -> rusqlite::Result<Application> {
    let signing_algorithm = match row.get::<_, Option<String>>("signing_algorithm")? {
        None => None,
        Some(name) => Some(name.parse().map_err(|_| unreadable("signing_algorithm"))?),
    };
    Ok(Application {
        id: ApplicationId::from_bytes(row.get("id")?),
        name: row.get("name")?,
        kind: row.parsed("kind")?,
        state: row
            .moment("disabled_at")?
            .map_or(ApplicationState::Enabled, |since| ApplicationState::Disabled { since }),
        redirect_uris: row.json("redirect_uris")?,
        allowed_origins: row.json("allowed_origins")?,
        allowed_scopes: row.json("allowed_scopes")?,
        audiences: row.json("audiences")?,
        access_token_seconds: row.get("access_token_seconds")?,
        signing_algorithm,
        version: Version(row.get("version")?),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
