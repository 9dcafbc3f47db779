use intelliauth_model::{Application, ApplicationId, ApplicationState, TenantId, Version};
use intelliauth_store::{Page, StoreResult};
use tokio_postgres::Row;

use super::{Columns, Query, before, unreadable};
use crate::param::params;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, kind, disabled_at, redirect_uris, allowed_origins, allowed_scopes, audiences, ",
            "access_token_seconds, signing_algorithm, version, created_at, updated_at FROM applications ",
            $rest
        )
    };
}

pub(crate) fn by_id(tenant: TenantId, id: ApplicationId) -> Query<Application> {
    const SQL: &str = select!("WHERE tenant_id = $1 AND id = $2");
    Query { sql: SQL, params: params![tenant.to_bytes(), id.to_bytes()], map: application }
}

pub(crate) fn list(tenant: TenantId, page: Page) -> Query<Application> {
    const SQL: &str = select!("WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    Query { sql: SQL, params: params![tenant.to_bytes(), before(page), page.limit], map: application }
}

fn application(row: &Row) -> StoreResult<Application> {
    let signing_algorithm = match row.value::<Option<&str>>("signing_algorithm")? {
        None => None,
        Some(name) => Some(name.parse().map_err(|_| unreadable("signing_algorithm"))?),
    };
    let seconds: i64 = row.value("access_token_seconds")?;
    Ok(Application {
        id: ApplicationId::from_bytes(row.id("id")?),
        name: row.value("name")?,
        kind: row.parsed("kind")?,
        state: row
            .moment("disabled_at")?
            .map_or(ApplicationState::Enabled, |since| ApplicationState::Disabled { since }),
        redirect_uris: row.json("redirect_uris")?,
        allowed_origins: row.json("allowed_origins")?,
        allowed_scopes: row.json("allowed_scopes")?,
        audiences: row.json("audiences")?,
        access_token_seconds: u32::try_from(seconds).map_err(|_| unreadable("access_token_seconds"))?,
        signing_algorithm,
        version: Version(row.value("version")?),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
