use intelliauth_model::{Job, JobKind, JobName, JobState, LeaseId, LeasedJob, TenantId, Timestamp};
use intelliauth_store::StoreResult;
use tokio_postgres::Row;

use super::{Columns, Query, unreadable};
use crate::param::{Id, params};

pub(crate) fn list(tenant: TenantId) -> Query<Job> {
    const SQL: &str = "SELECT kind, subject, due_at, wanted_at, lease, attempts FROM jobs
         WHERE tenant_id = $1 AND kind = ANY (string_to_array($2, ',')) ORDER BY kind, subject";
    Query { sql: SQL, params: params![tenant.to_bytes(), known_kinds()], map: job }
}

/// Of all tenants.
pub(crate) fn next_due() -> Query<Option<Timestamp>> {
    const SQL: &str = "SELECT due_at FROM jobs WHERE kind = ANY (string_to_array($1, ','))
         ORDER BY due_at LIMIT 1";
    Query { sql: SQL, params: params![known_kinds()], map: |row| row.moment("due_at") }
}

/// The kinds this release knows, separated by commas: a newer one on the same database may have others.
pub(crate) fn known_kinds() -> String {
    JobKind::ALL.map(JobKind::as_str).join(",")
}

/// A job that was taken just now.
pub(crate) fn leased(row: &Row) -> StoreResult<LeasedJob> {
    Ok(LeasedJob {
        tenant: TenantId::from_bytes(row.id("tenant_id")?),
        name: name(row)?,
        lease: LeaseId::from_bytes(row.id("lease")?),
        attempts: attempts(row)?,
    })
}

fn job(row: &Row) -> StoreResult<Job> {
    let state = match row.value::<Option<Id>>("lease")? {
        None => JobState::Waiting,
        Some(lease) => {
            JobState::Leased { lease: LeaseId::from_bytes(lease.0), wanted_at: row.moment("wanted_at")? }
        }
    };
    Ok(Job { name: name(row)?, due_at: row.time("due_at")?, state, attempts: attempts(row)? })
}

fn name(row: &Row) -> StoreResult<JobName> {
    Ok(JobName { kind: row.named("kind", JobKind::from_name)?, subject: row.value("subject")? })
}

fn attempts(row: &Row) -> StoreResult<u32> {
    u32::try_from(row.value::<i64>("attempts")?).map_err(|_| unreadable("attempts"))
}
