use intelliauth_model::Timestamp;

use super::{Columns, Query};

/// The moment at which the question is answered, not that at which its transaction began.
pub(crate) fn now() -> Query<Timestamp> {
    const SQL: &str = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now";
    Query { sql: SQL, params: Vec::new(), map: |row| row.time("now") }
}
