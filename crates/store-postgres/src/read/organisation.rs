use intelliauth_model::{Organisation, OrganisationId, Slug};
use intelliauth_store::{Page, StoreResult};
use tokio_postgres::Row;

use super::{Columns, Query, before};
use crate::param::params;

pub(crate) fn by_id(id: OrganisationId) -> Query<Organisation> {
    const SQL: &str = "SELECT id, slug, name, created_at FROM organisations WHERE id = $1";
    Query { sql: SQL, params: params![id.to_bytes()], map: organisation }
}

pub(crate) fn by_slug(slug: &Slug) -> Query<Organisation> {
    const SQL: &str = "SELECT id, slug, name, created_at FROM organisations WHERE slug = $1";
    Query { sql: SQL, params: params![slug.as_str()], map: organisation }
}

pub(crate) fn list(page: Page) -> Query<Organisation> {
    const SQL: &str =
        "SELECT id, slug, name, created_at FROM organisations WHERE id < $1 ORDER BY id DESC LIMIT $2";
    Query { sql: SQL, params: params![before(page), page.limit], map: organisation }
}

fn organisation(row: &Row) -> StoreResult<Organisation> {
    Ok(Organisation {
        id: OrganisationId::from_bytes(row.id("id")?),
        slug: row.parsed("slug")?,
        name: row.value("name")?,
        created_at: row.time("created_at")?,
    })
}
