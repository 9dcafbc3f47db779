use intelliauth_model::{Admin, TenantId};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, params};

use super::change;

pub(super) fn insert(connection: &Connection, tenant: TenantId, admin: &Admin) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO admins (tenant_id, id, email, password_hash, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5)";
    let Admin { id, email, password_hash, created_at } = admin;
    let values = params![tenant.to_bytes(), id.to_bytes(), email.as_str(), password_hash.0, created_at.0];
    change(connection, SQL, values).map(drop)
}
