use intelliauth_model::{Event, TenantId};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, params};

use super::change;

pub(super) fn append(connection: &Connection, tenant: TenantId, event: &Event) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO events (tenant_id, id, kind, occurred_at, actor_kind, actor_id,
             target_kind, target_id, outcome, request_id, data)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let (actor_kind, actor_id) = event.actor.parts();
    let values = params![
        tenant.to_bytes(),
        event.id.to_bytes(),
        event.kind.as_str(),
        event.occurred_at.0,
        actor_kind,
        actor_id,
        event.target.kind,
        event.target.id,
        event.outcome.as_str(),
        event.request_id,
        event.data,
    ];
    change(connection, SQL, values).map(drop)
}

/// The log above the tenants.
pub(super) fn append_platform(connection: &Connection, event: &Event) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO platform_events (id, kind, occurred_at, actor_kind, actor_id,
             target_kind, target_id, outcome, request_id, data)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let (actor_kind, actor_id) = event.actor.parts();
    let values = params![
        event.id.to_bytes(),
        event.kind.as_str(),
        event.occurred_at.0,
        actor_kind,
        actor_id,
        event.target.kind,
        event.target.id,
        event.outcome.as_str(),
        event.request_id,
        event.data,
    ];
    change(connection, SQL, values).map(drop)
}
