use intelliauth_model::{JobEnd, JobKind, JobName, LeaseId, TenantId, Timestamp};
use intelliauth_store::Entity;

use super::Step;
use crate::{param::params, read::job::known_kinds};

pub(super) fn schedule(tenant: TenantId, job: &JobName, at: Timestamp) -> Step {
    const SQL: &str = "INSERT INTO jobs (tenant_id, kind, subject, due_at, attempts)
         VALUES ($1, $2, $3, $4, 0)
         ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET
             due_at = CASE WHEN jobs.lease IS NULL THEN least(jobs.due_at, excluded.due_at)
                 ELSE jobs.due_at END,
             wanted_at = CASE WHEN jobs.lease IS NULL THEN NULL
                 ELSE least(jobs.wanted_at, excluded.due_at) END";
    Step::any(SQL, params![tenant.to_bytes(), job.kind.as_str(), job.subject.as_str(), at])
}

/// Only where something is to be done, since a conflict locks the row even if nothing changes; and in the order of the
/// key, so that two nodes that begin together do not wait for each other crosswise.
pub(super) fn ensure(kind: JobKind, [first, last]: [TenantId; 2], at: Timestamp, latest: Timestamp) -> Step {
    const SQL: &str = "INSERT INTO jobs (tenant_id, kind, subject, due_at, attempts)
         SELECT id, $1, '', $2, 0 FROM tenants WHERE id BETWEEN $4 AND $5 AND NOT EXISTS
             (SELECT 1 FROM jobs j
              WHERE j.tenant_id = tenants.id AND j.kind = $1 AND j.subject = '' AND j.due_at <= $3)
         ORDER BY id
         ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET due_at = $3 WHERE jobs.due_at > $3";
    Step::any(SQL, params![kind.as_str(), at, latest, first.to_bytes(), last.to_bytes()])
}

/// Workers that come at once pass over each other's rows instead of waiting for them.
pub(super) fn take(lease: LeaseId, now: Timestamp, until: Timestamp, limit: u32) -> Step {
    const SQL: &str = "WITH due AS MATERIALIZED (
             SELECT tenant_id, kind, subject FROM jobs
             WHERE due_at <= $1 AND kind = ANY (string_to_array($5, ','))
             ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
         UPDATE jobs SET due_at = $2, lease = $3, attempts = attempts + 1,
             wanted_at = CASE WHEN wanted_at > $1 THEN wanted_at END
         FROM due
         WHERE jobs.tenant_id = due.tenant_id AND jobs.kind = due.kind AND jobs.subject = due.subject
         RETURNING jobs.tenant_id, jobs.kind, jobs.subject, jobs.lease, jobs.attempts";
    Step::leased(SQL, params![now, until, lease.to_bytes(), limit, known_kinds()])
}

pub(super) fn extend(tenant: TenantId, job: &JobName, lease: LeaseId, until: Timestamp) -> Step {
    const SQL: &str = "UPDATE jobs SET due_at = $5
         WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND lease = $4";
    let values = params![tenant.to_bytes(), job.kind.as_str(), job.subject.as_str(), lease.to_bytes(), until];
    Step::one(Entity::Job, SQL, values)
}

pub(super) fn end(tenant: TenantId, job: &JobName, lease: LeaseId, end: JobEnd) -> Step {
    const SQL: &str = "UPDATE jobs SET due_at = least(wanted_at, $5), wanted_at = NULL, lease = NULL,
             attempts = CASE WHEN $6 THEN 0 ELSE attempts END
         WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND lease = $4";
    let (at, done) = match end {
        JobEnd::Done { again_at } => (again_at, true),
        JobEnd::Failed { retry_at } => (retry_at, false),
    };
    let values =
        params![tenant.to_bytes(), job.kind.as_str(), job.subject.as_str(), lease.to_bytes(), at, done];
    Step::one(Entity::Job, SQL, values)
}
