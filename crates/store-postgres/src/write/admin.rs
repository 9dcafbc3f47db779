use intelliauth_model::{Admin, TenantId};

use super::Step;
use crate::param::params;

pub(super) fn insert(tenant: TenantId, admin: &Admin) -> Step {
    const SQL: &str = "INSERT INTO admins (tenant_id, id, email, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5)";
    let Admin { id, email, password_hash, created_at } = admin;
    let hash = password_hash.0.as_str();
    Step::any(SQL, params![tenant.to_bytes(), id.to_bytes(), email.as_str(), hash, *created_at])
}
