use intelliauth_model::{Organisation, OrganisationId, Slug};
use intelliauth_store::{Page, StoreResult};
use rusqlite::{Connection, Row, params};

use super::{Columns, before, many, one};

pub(crate) fn by_id(connection: &Connection, id: OrganisationId) -> StoreResult<Option<Organisation>> {
    const SQL: &str = "SELECT id, slug, name, created_at FROM organisations WHERE id = ?1";
    one(connection, SQL, [id.to_bytes()], organisation)
}

pub(crate) fn by_slug(connection: &Connection, slug: &Slug) -> StoreResult<Option<Organisation>> {
    const SQL: &str = "SELECT id, slug, name, created_at FROM organisations WHERE slug = ?1";
    one(connection, SQL, [slug.as_str()], organisation)
}

pub(crate) fn list(connection: &Connection, page: Page) -> StoreResult<Vec<Organisation>> {
    const SQL: &str =
        "SELECT id, slug, name, created_at FROM organisations WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
    many(connection, SQL, params![before(&page), page.limit], organisation)
}

fn organisation(row: &Row<'_>) -> rusqlite::Result<Organisation> {
    Ok(Organisation {
        id: OrganisationId::from_bytes(row.get("id")?),
        slug: row.parsed("slug")?,
        name: row.get("name")?,
        created_at: row.time("created_at")?,
    })
}
