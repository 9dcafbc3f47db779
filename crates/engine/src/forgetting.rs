//! Forgetting what is past its time: revocations, single-use secrets, idempotency keys, sessions, client secrets.
//! Nothing depends on it but room: whatever has expired is dead whether it is still stored or not.

use intelliauth_model::Timestamp;
use intelliauth_store::{TenantTx, TenantWrite};

use crate::{Engine, Error, Tenancy, jobs::Lease};

/// How many rows of each kind one transaction forgets, so that none holds the writer long.
const AT_ONCE: u32 = 1_000;
/// How many such transactions one job has, so that no tenant keeps the others waiting for ever.
const AT_MOST: u32 = 100;
/// How long until the next look at a tenant that had something to forget, in seconds, and at one that had not.
pub(crate) const BUSY_SECONDS: i64 = 300;
const IDLE_SECONDS: i64 = 6 * 3_600;

/// What was forgotten of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// How many rows.
    pub rows: u64,
    /// Whether there may be more that could be forgotten now.
    pub more: bool,
}

/// Forgets in small transactions until nothing is left: a tenant where more expires between two looks than one
/// transaction takes would grow for ever. With a lease each of them holds only while that is held.
pub async fn forget(tenancy: &Tenancy, lease: Option<&Lease>) -> Result<Forgotten, Error> {
    let mut rows = 0;
    for _ in 0..AT_MOST {
        let now = tenancy.engine().now();
        let mut tx = TenantTx::new();
        if let Some(lease) = lease {
            tx.push(lease.hold(now));
        }
        tx.push(TenantWrite::ForgetExpired { now, limit: AT_ONCE });
        let gone = tenancy.commit(tx).await?.forgotten;
        rows += gone;
        if gone < u64::from(AT_ONCE) {
            return Ok(Forgotten { rows, more: false });
        }
    }
    Ok(Forgotten { rows, more: true })
}

/// When to look again: soon at a tenant where things expire, seldom at one where nothing happens, for there may
/// be a million of those. The moments are strewn a little, or all tenants would be looked at in the same second.
pub(crate) fn look_again_at(engine: &Engine, done: Forgotten) -> Timestamp {
    let pause = match done {
        Forgotten { more: true, .. } => 0,
        Forgotten { rows: 0, .. } => IDLE_SECONDS,
        Forgotten { .. } => BUSY_SECONDS,
    };
    let mut chance = [0; 2];
    engine.rng().fill(&mut chance);
    let strewn = pause * i64::from(u16::from_be_bytes(chance)) / (10 * i64::from(u16::MAX));
    engine.now().plus_seconds(pause + strewn)
}
