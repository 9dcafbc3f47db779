use intelliauth_model::{Actor, Event, EventId, EventKind, Outcome, Target, TenantId};
use intelliauth_store::{Page, StoreResult, intern};
use tokio_postgres::Row;

use super::{Columns, Query, before, unreadable};
use crate::param::params;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, occurred_at, actor_kind, actor_id, target_kind, target_id, outcome, ",
            "request_id, data ",
            $rest
        )
    };
}

pub(crate) fn list(tenant: TenantId, page: Page) -> Query<Event> {
    const SQL: &str = select!("FROM events WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    Query { sql: SQL, params: params![tenant.to_bytes(), before(page), page.limit], map: event }
}

/// The log above the tenants.
pub(crate) fn platform_list(page: Page) -> Query<Event> {
    const SQL: &str = select!("FROM platform_events WHERE id < $1 ORDER BY id DESC LIMIT $2");
    Query { sql: SQL, params: params![before(page), page.limit], map: event }
}

fn event(row: &Row) -> StoreResult<Event> {
    Ok(Event {
        id: EventId::from_bytes(row.id("id")?),
        kind: row.named("kind", EventKind::from_name)?,
        occurred_at: row.time("occurred_at")?,
        actor: actor(row)?,
        target: Target { kind: row.named("target_kind", intern)?, id: row.value("target_id")? },
        outcome: row.named("outcome", outcome)?,
        request_id: row.value("request_id")?,
        data: row.value("data")?,
    })
}

fn actor(row: &Row) -> StoreResult<Actor> {
    match row.value("actor_kind")? {
        "system" => Ok(Actor::System),
        "operator" => Ok(Actor::Operator),
        "client" => row.parsed("actor_id").map(Actor::Client),
        "user" => row.parsed("actor_id").map(Actor::User),
        "admin" => row.parsed("actor_id").map(Actor::Admin),
        _ => Err(unreadable("actor_kind")),
    }
}

fn outcome(name: &str) -> Option<Outcome> {
    [Outcome::Success, Outcome::Denied, Outcome::Failure].into_iter().find(|known| known.as_str() == name)
}
