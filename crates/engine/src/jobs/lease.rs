use intelliauth_model::{JobEnd, LeasedJob, Timestamp};
use intelliauth_store::TenantWrite;

/// How long a worker may be silent before its job is another's, in seconds. Long enough for a store that has
/// to be asked again, short enough that what a dead node left is not missed.
pub(super) const SECONDS: i64 = 60;

/// The right to do one job, until it ends by itself.
pub struct Lease(LeasedJob);

impl Lease {
    pub(super) const fn of(job: LeasedJob) -> Self {
        Self(job)
    }

    pub(super) const fn job(&self) -> &LeasedJob {
        &self.0
    }

    /// The fence of long work: in front of a transaction it lets that happen only while the lease is held, and
    /// makes the lease as long as a new one.
    pub(crate) fn hold(&self, now: Timestamp) -> TenantWrite {
        let LeasedJob { name, lease, .. } = &self.0;
        TenantWrite::ExtendLease { name: name.clone(), lease: *lease, until: now.plus_seconds(SECONDS) }
    }

    pub(super) fn end(&self, end: JobEnd) -> TenantWrite {
        let LeasedJob { name, lease, .. } = &self.0;
        TenantWrite::EndLease { name: name.clone(), lease: *lease, end }
    }
}
