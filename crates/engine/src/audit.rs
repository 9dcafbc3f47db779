use intelliauth_model::{Actor, Event, EventId, EventKind, Outcome, Target};
use intelliauth_store::TenantWrite;

use crate::Engine;

/// What an event needs to say; time and id come from the engine.
pub(crate) struct Happening<'a> {
    pub(crate) kind: EventKind,
    pub(crate) actor: &'a Actor,
    pub(crate) target: Target,
    pub(crate) request_id: &'a str,
    pub(crate) data: serde_json::Value,
}

impl Engine {
    /// The event of a successful change, to be committed with it.
    pub(crate) fn event(&self, happening: Happening<'_>) -> Event {
        Event {
            id: EventId::new(self.clock(), self.rng()),
            kind: happening.kind,
            occurred_at: self.now(),
            actor: happening.actor.clone(),
            target: happening.target,
            outcome: Outcome::Success,
            request_id: Some(happening.request_id.to_owned()),
            data: happening.data.to_string(),
        }
    }

    pub(crate) fn event_write(&self, happening: Happening<'_>) -> TenantWrite {
        TenantWrite::AppendEvent(Box::new(self.event(happening)))
    }
}

/// A target, for readers' sake.
pub(crate) fn target(kind: &'static str, id: impl std::fmt::Display) -> Target {
    Target { kind, id: id.to_string() }
}
