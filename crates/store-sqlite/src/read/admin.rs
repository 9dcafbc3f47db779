use intelliauth_model::{Admin, AdminId, Email, PasswordHash, TenantId};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, Row, params};

use super::{Columns, one};

pub(crate) fn by_email(
    connection: &Connection,
    tenant: TenantId,
    email: &Email,
) -> StoreResult<Option<Admin>> {
    const SQL: &str = "SELECT id, email, password_hash, created_at FROM admins
         WHERE tenant_id = ?1 AND email = ?2";
    one(connection, SQL, params![tenant.to_bytes(), email.as_str()], admin)
}

fn admin(row: &Row<'_>) -> rusqlite::Result<Admin> {
    Ok(Admin {
        id: AdminId::from_bytes(row.get("id")?),
        email: row.parsed("email")?,
        password_hash: PasswordHash(row.get("password_hash")?),
        created_at: row.time("created_at")?,
    })
}
