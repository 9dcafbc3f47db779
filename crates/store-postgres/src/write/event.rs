use intelliauth_model::{Event, TenantId};

use super::Step;
use crate::param::{Param, params};

pub(super) fn append(tenant: TenantId, event: &Event) -> Step {
    const SQL: &str = "INSERT INTO events (id, kind, occurred_at, actor_kind, actor_id,
             target_kind, target_id, outcome, request_id, data, tenant_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let mut values = columns(event);
    values.push(tenant.to_bytes().into());
    Step::any(SQL, values)
}

/// The log above the tenants.
pub(super) fn append_platform(event: &Event) -> Step {
    const SQL: &str = "INSERT INTO platform_events (id, kind, occurred_at, actor_kind, actor_id,
             target_kind, target_id, outcome, request_id, data)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    Step::any(SQL, columns(event))
}

fn columns(event: &Event) -> Vec<Param> {
    let (actor_kind, actor_id) = event.actor.parts();
    params![
        event.id.to_bytes(),
        event.kind.as_str(),
        event.occurred_at,
        actor_kind,
        actor_id,
        event.target.kind,
        event.target.id.as_str(),
        event.outcome.as_str(),
        event.request_id.clone(),
        event.data.as_str(),
    ]
}
