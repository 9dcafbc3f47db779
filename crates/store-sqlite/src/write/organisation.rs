use intelliauth_model::Organisation;
use intelliauth_store::StoreResult;
use rusqlite::{Connection, params};

use super::change;

pub(super) fn insert(connection: &Connection, organisation: &Organisation) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO organisations (id, slug, name, created_at) VALUES (?1, ?2, ?3, ?4)";
    let Organisation { id, slug, name, created_at } = organisation;
    change(connection, SQL, params![id.to_bytes(), slug.as_str(), name, created_at.0]).map(drop)
}
