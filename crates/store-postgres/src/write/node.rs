use super::Step;
use crate::{NodeId, param::params};

/// A move holds the list for as long as it takes. A node that comes meanwhile is not to wait for its end and then
/// serve on the database that was left.
pub(super) fn without_waiting() -> Step {
    Step::any("SET LOCAL lock_timeout = 100", Vec::new())
}

/// A node is there for a minute, by the database's clock, whatever pooler it comes through.
pub(super) fn here(node: NodeId) -> Step {
    const SQL: &str = "INSERT INTO nodes (id, seen_until)
         VALUES ($1, clock_timestamp() + interval '60 seconds')
         ON CONFLICT (id) DO UPDATE SET seen_until = excluded.seen_until";
    Step::any(SQL, params![node.0])
}

/// Takes it from the list, and those with it that died long ago.
pub(super) fn gone(node: NodeId) -> Step {
    const SQL: &str = "DELETE FROM nodes
         WHERE id = $1 OR seen_until < clock_timestamp() - interval '1 day'";
    Step::any(SQL, params![node.0])
}
