use intelliauth_model::{Actor, Event, EventId, EventKind, Outcome, Target, TenantId};
use intelliauth_store::{Page, StoreResult, intern};
use rusqlite::{Connection, Row, params};

use super::{Columns, before, many, unreadable};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, occurred_at, actor_kind, actor_id, target_kind, target_id, outcome, ",
            "request_id, data ",
            $rest
        )
    };
}

pub(crate) fn list(connection: &Connection, tenant: TenantId, page: Page) -> StoreResult<Vec<Event>> {
    const SQL: &str = select!("FROM events WHERE tenant_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3");
    many(connection, SQL, params![tenant.to_bytes(), before(&page), page.limit], event)
}

/// The log above the tenants.
pub(crate) fn platform_list(connection: &Connection, page: Page) -> StoreResult<Vec<Event>> {
    const SQL: &str = select!("FROM platform_events WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
    many(connection, SQL, params![before(&page), page.limit], event)
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        id: EventId::from_bytes(row.get("id")?),
        kind: row.named("kind", EventKind::from_name)?,
        occurred_at: row.time("occurred_at")?,
        actor: actor(row)?,
        target: Target { kind: row.named("target_kind", intern)?, id: row.get("target_id")? },
        outcome: row.named("outcome", outcome)?,
        request_id: row.get("request_id")?,
        data: row.get("data")?,
    })
}

fn actor(row: &Row<'_>) -> rusqlite::Result<Actor> {
    match row.get_ref("actor_kind")?.as_str()? {
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
