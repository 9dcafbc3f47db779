use intelliauth_model::{Admin, AdminId, Email, PasswordHash, TenantId};
use intelliauth_store::StoreResult;
use tokio_postgres::Row;

use super::{Columns, Query};
use crate::param::params;

pub(crate) fn by_email(tenant: TenantId, email: &Email) -> Query<Admin> {
    const SQL: &str = "SELECT id, email, password_hash, created_at FROM admins
         WHERE tenant_id = $1 AND email = $2";
    Query { sql: SQL, params: params![tenant.to_bytes(), email.as_str()], map: admin }
}

fn admin(row: &Row) -> StoreResult<Admin> {
    Ok(Admin {
        id: AdminId::from_bytes(row.id("id")?),
        email: row.parsed("email")?,
        password_hash: PasswordHash(row.value("password_hash")?),
        created_at: row.time("created_at")?,
    })
}
