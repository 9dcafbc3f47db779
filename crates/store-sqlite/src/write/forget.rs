use intelliauth_model::{TenantId, Timestamp};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, params};

use super::change;

/// One statement per kind of row: SQLite deletes with a limit only through a list of keys. Sessions take two
/// indexes by name, since an OR over them made the planner read every session of the tenant.
const STATEMENTS: [&str; 5] = [
    "DELETE FROM revocations WHERE tenant_id = ?1 AND seq IN
         (SELECT seq FROM revocations WHERE tenant_id = ?1 AND expires_at <= ?2 ORDER BY expires_at LIMIT ?3)",
    "DELETE FROM single_uses WHERE tenant_id = ?1 AND (kind, hash) IN
         (SELECT kind, hash FROM single_uses WHERE tenant_id = ?1 AND expires_at <= ?2
          ORDER BY expires_at LIMIT ?3)",
    "DELETE FROM idempotency WHERE tenant_id = ?1 AND (client_id, key) IN
         (SELECT client_id, key FROM idempotency WHERE tenant_id = ?1 AND expires_at <= ?2
          ORDER BY expires_at LIMIT ?3)",
    "DELETE FROM sessions WHERE tenant_id = ?1 AND id IN
         (SELECT id FROM (SELECT id FROM sessions INDEXED BY sessions_expiry
                          WHERE tenant_id = ?1 AND expires_at <= ?2 LIMIT ?3)
          UNION
          SELECT id FROM (SELECT id FROM sessions INDEXED BY sessions_ended
                          WHERE tenant_id = ?1 AND ended_at <= ?2 LIMIT ?3)
          LIMIT ?3)",
    "DELETE FROM client_secrets WHERE tenant_id = ?1 AND id IN
         (SELECT id FROM client_secrets WHERE tenant_id = ?1 AND expires_at <= ?2 LIMIT ?3)",
];

/// Removes what is past its time, at most `limit` rows of each kind; gives how many rows went.
pub(super) fn expired(
    connection: &Connection,
    tenant: TenantId,
    now: Timestamp,
    limit: u32,
) -> StoreResult<u64> {
    let mut forgotten = 0;
    for sql in STATEMENTS {
        let rows = change(connection, sql, params![tenant.to_bytes(), now.0, limit])?;
        forgotten += u64::try_from(rows).unwrap_or(u64::MAX);
    }
    Ok(forgotten)
}
