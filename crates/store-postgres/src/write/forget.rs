use intelliauth_model::{TenantId, Timestamp};

use super::Step;
use crate::param::params;

/// One statement per kind of row. The rows are chosen before they are removed (`MATERIALIZED`: a list that the
/// planner may read again for each row would pass its limit), and those that another transaction is busy with
/// are left for the next time, so that forgetting holds nobody up.
const STATEMENTS: [&str; 5] = [
    "WITH gone AS MATERIALIZED (
         SELECT seq FROM revocations WHERE tenant_id = $1 AND expires_at <= $2
         ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     DELETE FROM revocations r USING gone WHERE r.tenant_id = $1 AND r.seq = gone.seq",
    "WITH gone AS MATERIALIZED (
         SELECT kind, hash FROM single_uses WHERE tenant_id = $1 AND expires_at <= $2
         ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     DELETE FROM single_uses s USING gone
     WHERE s.tenant_id = $1 AND s.kind = gone.kind AND s.hash = gone.hash",
    "WITH gone AS MATERIALIZED (
         SELECT client_id, key FROM idempotency WHERE tenant_id = $1 AND expires_at <= $2
         ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     DELETE FROM idempotency i USING gone
     WHERE i.tenant_id = $1 AND i.client_id = gone.client_id AND i.key = gone.key",
    // Each half takes the index it is made for; an OR over both could use neither.
    "WITH expired AS MATERIALIZED (
         SELECT id FROM sessions WHERE tenant_id = $1 AND expires_at <= $2 LIMIT $3 FOR UPDATE SKIP LOCKED),
     ended AS MATERIALIZED (
         SELECT id FROM sessions WHERE tenant_id = $1 AND ended_at <= $2 LIMIT $3 FOR UPDATE SKIP LOCKED),
     gone AS MATERIALIZED (SELECT id FROM expired UNION SELECT id FROM ended LIMIT $3)
     DELETE FROM sessions s USING gone WHERE s.tenant_id = $1 AND s.id = gone.id",
    "WITH gone AS MATERIALIZED (
         SELECT id FROM client_secrets WHERE tenant_id = $1 AND expires_at <= $2
         LIMIT $3 FOR UPDATE SKIP LOCKED)
     DELETE FROM client_secrets c USING gone WHERE c.tenant_id = $1 AND c.id = gone.id",
];

/// Removes what is past its time, at most `limit` rows of each kind.
pub(super) fn expired(tenant: TenantId, now: Timestamp, limit: u32) -> [Step; 5] {
    STATEMENTS.map(|sql| Step::forgotten(sql, params![tenant.to_bytes(), now, limit]))
}
