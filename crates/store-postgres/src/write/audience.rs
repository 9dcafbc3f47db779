use intelliauth_model::{Audience, AudienceId, TenantId};
use intelliauth_store::{Entity, StoreResult};

use super::{Step, json};
use crate::param::params;

pub(super) fn insert(tenant: TenantId, audience: &Audience) -> StoreResult<Step> {
    const SQL: &str = "INSERT INTO audiences (tenant_id, id, name, scopes, created_at)
         VALUES ($1, $2, $3, $4, $5)";
    let Audience { id, name, scopes, created_at } = audience;
    let values = params![tenant.to_bytes(), id.as_str(), name.as_str(), json(scopes)?, *created_at];
    Ok(Step::any(SQL, values))
}

pub(super) fn delete(tenant: TenantId, id: &AudienceId) -> Step {
    const SQL: &str = "DELETE FROM audiences WHERE tenant_id = $1 AND id = $2";
    Step::one(Entity::Audience, SQL, params![tenant.to_bytes(), id.as_str()])
}
