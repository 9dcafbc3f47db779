use intelliauth_model::{Job, JobKind, JobName, JobState, LeaseId, TenantId, Timestamp};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, Row, params};

use super::{Columns, many, one};

pub(crate) fn list(connection: &Connection, tenant: TenantId) -> StoreResult<Vec<Job>> {
    const SQL: &str = "SELECT kind, subject, due_at, wanted_at, lease, attempts FROM jobs
         WHERE tenant_id = ?1 AND kind IN (SELECT value FROM json_each(?2)) ORDER BY kind, subject";
    many(connection, SQL, params![tenant.to_bytes(), known_kinds()], job)
}

/// Of all tenants.
pub(crate) fn next_due(connection: &Connection) -> StoreResult<Option<Timestamp>> {
    const SQL: &str = "SELECT due_at FROM jobs WHERE kind IN (SELECT value FROM json_each(?1))
         ORDER BY due_at LIMIT 1";
    one(connection, SQL, [known_kinds()], |row| row.moment("due_at")).map(Option::flatten)
}

/// The kinds this release knows, as a JSON array: a newer one on the same database may have others.
pub(crate) fn known_kinds() -> String {
    let names: Vec<_> = JobKind::ALL.iter().map(|kind| format!("\"{}\"", kind.as_str())).collect();
    format!("[{}]", names.join(","))
}

pub(crate) fn name(row: &Row<'_>) -> rusqlite::Result<JobName> {
    Ok(JobName { kind: row.named("kind", JobKind::from_name)?, subject: row.get("subject")? })
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let state = match row.get::<_, Option<[u8; 16]>>("lease")? {
        None => JobState::Waiting,
        Some(lease) => {
            JobState::Leased { lease: LeaseId::from_bytes(lease), wanted_at: row.moment("wanted_at")? }
        }
    };
    Ok(Job { name: name(row)?, due_at: row.time("due_at")?, state, attempts: row.get("attempts")? })
}
