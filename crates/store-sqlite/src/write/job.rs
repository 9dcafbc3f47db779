use intelliauth_model::{JobEnd, JobKind, JobName, LeaseId, LeasedJob, TenantId, Timestamp};
use intelliauth_store::{Entity, StoreResult};
use rusqlite::{Connection, params};

use super::{change, change_one};
use crate::read::{
    job::{known_kinds, name},
    many,
};

pub(super) fn schedule(
    connection: &Connection,
    tenant: TenantId,
    job: &JobName,
    at: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO jobs (tenant_id, kind, subject, due_at, attempts)
         VALUES (?1, ?2, ?3, ?4, 0)
         ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET
             due_at = CASE WHEN lease IS NULL THEN min(due_at, excluded.due_at) ELSE due_at END,
             wanted_at = CASE WHEN lease IS NULL THEN NULL
                 ELSE min(coalesce(wanted_at, excluded.due_at), excluded.due_at) END";
    change(connection, SQL, params![tenant.to_bytes(), job.kind.as_str(), job.subject, at.0]).map(drop)
}

pub(super) fn ensure(
    connection: &Connection,
    kind: JobKind,
    tenants: [TenantId; 2],
    [at, latest]: [Timestamp; 2],
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO jobs (tenant_id, kind, subject, due_at, attempts)
         SELECT id, ?1, '', ?2, 0 FROM tenants WHERE id BETWEEN ?4 AND ?5
         ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET due_at = ?3
         WHERE due_at > ?3";
    let [first, last] = tenants.map(TenantId::to_bytes);
    change(connection, SQL, params![kind.as_str(), at.0, latest.0, first, last]).map(drop)
}

pub(super) fn take(
    connection: &Connection,
    lease: LeaseId,
    [now, until]: [Timestamp; 2],
    limit: u32,
) -> StoreResult<Vec<LeasedJob>> {
    const SQL: &str = "UPDATE jobs SET due_at = ?2, lease = ?3, attempts = attempts + 1,
             wanted_at = CASE WHEN wanted_at > ?1 THEN wanted_at END
         WHERE (tenant_id, kind, subject) IN
             (SELECT tenant_id, kind, subject FROM jobs
              WHERE due_at <= ?1 AND kind IN (SELECT value FROM json_each(?5))
              ORDER BY due_at LIMIT ?4)
         RETURNING tenant_id, kind, subject, attempts";
    many(connection, SQL, params![now.0, until.0, lease.to_bytes(), limit, known_kinds()], |row| {
        Ok(LeasedJob {
            tenant: TenantId::from_bytes(row.get("tenant_id")?),
            name: name(row)?,
            lease,
            attempts: row.get("attempts")?,
        })
    })
}

pub(super) fn extend(
    connection: &Connection,
    tenant: TenantId,
    job: &JobName,
    lease: LeaseId,
    until: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE jobs SET due_at = ?5
         WHERE tenant_id = ?1 AND kind = ?2 AND subject = ?3 AND lease = ?4";
    let values = params![tenant.to_bytes(), job.kind.as_str(), job.subject, lease.to_bytes(), until.0];
    change_one(connection, SQL, values, Entity::Job)
}

pub(super) fn end(
    connection: &Connection,
    tenant: TenantId,
    job: &JobName,
    lease: LeaseId,
    end: JobEnd,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE jobs SET due_at = min(coalesce(wanted_at, ?5), ?5), wanted_at = NULL,
             lease = NULL, attempts = CASE WHEN ?6 THEN 0 ELSE attempts END
         WHERE tenant_id = ?1 AND kind = ?2 AND subject = ?3 AND lease = ?4";
    let (at, done) = match end {
        JobEnd::Done { again_at } => (again_at, true),
        JobEnd::Failed { retry_at } => (retry_at, false),
    };
    let values = params![tenant.to_bytes(), job.kind.as_str(), job.subject, lease.to_bytes(), at.0, done];
    change_one(connection, SQL, values, Entity::Job)
}
