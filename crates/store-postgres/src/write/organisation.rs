use intelliauth_model::Organisation;

use super::Step;
use crate::param::params;

pub(super) fn insert(organisation: &Organisation) -> Step {
    const SQL: &str = "INSERT INTO organisations (id, slug, name, created_at) VALUES ($1, $2, $3, $4)";
    let Organisation { id, slug, name, created_at } = organisation;
    Step::any(SQL, params![id.to_bytes(), slug.as_str(), name.as_str(), *created_at])
}
