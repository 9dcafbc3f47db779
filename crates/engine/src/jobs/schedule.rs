use intelliauth_model::{JobKind, JobName, Timestamp};
use intelliauth_store::{Page, PlatformTx, PlatformWrite, TenantWrite};

use crate::{Engine, Error, forgetting, keys};

/// Asks for work on a tenant at `at`.
pub(crate) const fn wanted(kind: JobKind, at: Timestamp) -> TenantWrite {
    TenantWrite::ScheduleJob { name: JobName::of_tenant(kind), at }
}

/// The first work on a tenant that is just being made.
pub(crate) fn first_of_tenant(now: Timestamp) -> [TenantWrite; 2] {
    [
        wanted(JobKind::KeySchedule, now.plus_seconds(keys::LOOKED_AT_SECONDS)),
        wanted(JobKind::ForgetExpired, now.plus_seconds(forgetting::BUSY_SECONDS)),
    ]
}

/// How many tenants are seen to in one transaction, and how far apart their work is put, in seconds: a million
/// tenants must neither hold the store up nor be due in one moment.
const TENANTS_AT_ONCE: u32 = 500;
const APART_SECONDS: i64 = 1;
/// Beyond this nothing recurring is ever put, in seconds: what lies further was put there by a clock that was ahead.
const FURTHEST_SECONDS: i64 = 2 * 86_400;

/// A walk over all tenants that sees to it that each has its recurring work: tenants made by a release that knew
/// less have not.
#[derive(Debug, Default)]
pub struct Rounds {
    before: Option<[u8; 16]>,
    pages: i64,
}

impl Rounds {
    /// Sees to the next tenants; gives whether there are more. One that failed may be called again.
    pub async fn next(&mut self, engine: &Engine) -> Result<bool, Error> {
        let page = Page { before: self.before, limit: TENANTS_AT_ONCE };
        let tenants = engine.store().tenants(page).await?;
        let (Some(newest), Some(oldest)) = (tenants.first(), tenants.last()) else { return Ok(false) };
        let now = engine.now();
        let at = now.plus_seconds(self.pages * APART_SECONDS);
        let latest = now.plus_seconds(FURTHEST_SECONDS);
        let range = [oldest.id, newest.id];
        let ensure = |kind| PlatformWrite::EnsureJobs { kind, tenants: range, at, latest };
        let tx = JobKind::ALL.into_iter().fold(PlatformTx::new(), |tx, kind| tx.with(ensure(kind)));
        engine.store().commit(tx).await?;
        self.before = Some(oldest.id.to_bytes());
        self.pages += 1;
        Ok(tenants.len() == TENANTS_AT_ONCE as usize)
    }
}

/// When there is something to do next, be it in the past.
pub async fn next_due(engine: &Engine) -> Result<Option<Timestamp>, Error> {
    Ok(engine.store().next_job_at().await?)
}
