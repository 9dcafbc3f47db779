use intelliauth_model::{KeyState, Timestamp};
use intelliauth_store::{TenantTx, TenantWrite};

use super::{PUBLISH_LEAD_SECONDS, PublishedKey, rotate, rotate::happened};
use crate::{Caller, Error, Tenancy};

/// How many rows of each kind one transaction forgets, so that none holds the writer long.
const FORGOTTEN_AT_ONCE: u32 = 1_000;
/// How many such transactions a round has, so that no tenant keeps the others waiting for ever.
const FORGETTING_AT_MOST: u32 = 100;

/// What a round of housekeeping did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Housekeeping {
    /// Algorithms whose keys were rotated.
    pub rotated: u32,
    /// Keys whose last token has died and that left the JWKS.
    pub retired: u32,
    /// Expired rows removed.
    pub forgotten: u64,
}

/// One round for one tenant: rotates keys whose time has come, retires those whose tokens are all dead,
/// forgets what has expired. Doing it twice, or on two nodes at once, does no harm: each write names the
/// state it expects.
pub async fn housekeeping(tenancy: &Tenancy) -> Result<Housekeeping, Error> {
    let engine = tenancy.engine();
    let caller = Caller::system(intelliauth_model::RequestId::new(engine.clock(), engine.rng()));
    let now = engine.now();
    let mut done = Housekeeping::default();
    for key in tenancy.keys().published() {
        if is_due(tenancy, &key, now) {
            rotate(tenancy, &caller, key.algorithm, false).await?;
            done.rotated += 1;
        } else if matches!(key.state, KeyState::Previous { until, .. } if until <= now) {
            let event =
                happened(tenancy, &caller, intelliauth_model::EventKind::KeyRemoved, &key.kid, key.algorithm);
            tenancy.commit(TenantTx::new().with(TenantWrite::DeleteKey(key.kid)).with(event)).await?;
            done.retired += 1;
        }
    }
    done.forgotten = forget(tenancy, now).await?;
    Ok(done)
}

/// Forgets until nothing is left: a tenant where more expires between two rounds than one transaction takes
/// would grow for ever.
async fn forget(tenancy: &Tenancy, now: Timestamp) -> Result<u64, Error> {
    let mut forgotten = 0;
    for _ in 0..FORGETTING_AT_MOST {
        let forget = TenantWrite::ForgetExpired { now, limit: FORGOTTEN_AT_ONCE };
        let gone = tenancy.commit(TenantTx::new().with(forget)).await?.forgotten;
        forgotten += gone;
        if gone < u64::from(FORGOTTEN_AT_ONCE) {
            break;
        }
    }
    Ok(forgotten)
}

fn is_due(tenancy: &Tenancy, key: &PublishedKey, now: Timestamp) -> bool {
    let days = i64::from(tenancy.tenant().settings.key_rotation_days);
    let KeyState::Current { since } = key.state else { return false };
    let next_is_ready = tenancy.keys().published().iter().any(|next| {
        next.algorithm == key.algorithm
            && matches!(next.state, KeyState::Next { published_at }
                if published_at.plus_seconds(PUBLISH_LEAD_SECONDS) <= now)
    });
    days > 0 && since.plus_seconds(days * 86_400) <= now && next_is_ready
}
