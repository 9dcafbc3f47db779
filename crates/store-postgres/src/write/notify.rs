use intelliauth_model::TenantId;

use super::Step;
use crate::{listen::CHANNEL, param::params};

/// Tells whoever listens that the tenant's configuration or its revocation log changes; PostgreSQL delivers it after the commit and
/// never without one, and once however often one transaction says it.
pub(super) fn changed(tenant: TenantId) -> Step {
    const SQL: &str = "SELECT pg_notify($1, $2)";
    Step::any(SQL, params![CHANNEL, tenant.to_string()])
}
