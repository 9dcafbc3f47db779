use intelliauth_model::{EventKind, KeyState, RequestId, Timestamp};
use intelliauth_store::{TenantTx, TenantWrite};

use super::{PUBLISH_LEAD_SECONDS, PublishedKey, rotate, rotate::happened};
use crate::{Caller, Error, Tenancy};

/// How often a tenant's keys are looked at however far the next event is, in seconds: a change that told
/// nobody (by an older release, by hand) is seen within a day.
pub(crate) const LOOKED_AT_SECONDS: i64 = 86_400;

/// What following the schedule did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Algorithms whose keys were rotated.
    pub rotated: u32,
    /// Keys whose last token has died and that left the JWKS.
    pub retired: u32,
}

/// Rotates keys whose time has come and retires those whose tokens are all dead. Doing it twice, or on two
/// nodes at once, does no harm: each write names the state it expects.
pub async fn follow_schedule(tenancy: &Tenancy) -> Result<Followed, Error> {
    let engine = tenancy.engine();
    let caller = Caller::system(RequestId::new(engine.clock(), engine.rng()));
    let now = engine.now();
    let mut done = Followed::default();
    let mut keys = tenancy.keys().published();
    // Those that go come first: where too many are published, nothing rotates before some are gone.
    keys.sort_by_key(|key| !matches!(key.state, KeyState::Previous { .. }));
    for key in keys {
        if due_at(tenancy, &key).is_none_or(|due| due > now) {
            continue;
        }
        if matches!(key.state, KeyState::Previous { .. }) {
            let event = happened(tenancy, &caller, EventKind::KeyRemoved, &key.kid, key.algorithm);
            tenancy.commit(TenantTx::new().with(TenantWrite::DeleteKey(key.kid)).with(event)).await?;
            done.retired += 1;
        } else {
            rotate(tenancy, &caller, key.algorithm, false).await?;
            done.rotated += 1;
        }
    }
    Ok(done)
}

/// When the keys are to be looked at again.
pub(crate) fn look_again_at(tenancy: &Tenancy) -> Timestamp {
    let daily = tenancy.engine().now().plus_seconds(LOOKED_AT_SECONDS);
    let next = tenancy.keys().published().iter().filter_map(|key| due_at(tenancy, key)).min();
    next.map_or(daily, |next| next.min(daily))
}

/// When something is to be done about this key: for one that signs, when it is old enough and the next one has
/// been published for long enough; for one that signed, when its last token is dead.
fn due_at(tenancy: &Tenancy, key: &PublishedKey) -> Option<Timestamp> {
    let days = i64::from(tenancy.tenant().settings.key_rotation_days);
    match key.state {
        KeyState::Next { .. } => None,
        KeyState::Previous { until, .. } => Some(until),
        KeyState::Current { .. } if days == 0 => None,
        KeyState::Current { since } => {
            let ready = tenancy.keys().published().iter().find_map(|next| match next.state {
                KeyState::Next { published_at } if next.algorithm == key.algorithm => {
                    Some(published_at.plus_seconds(PUBLISH_LEAD_SECONDS))
                }
                _ => None,
            })?;
            Some(since.plus_seconds(days * 86_400).max(ready))
        }
    }
}
