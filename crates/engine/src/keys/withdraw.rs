use intelliauth_model::{EventKind, KeyState};
use intelliauth_store::{TenantTx, TenantWrite};

use super::{rotate::happened, sealed};
use crate::{Caller, Error, Tenancy};

/// Takes a key out of the JWKS at once: every token it signed is refused as soon as verifiers look again.
/// If it was the signing key the next one takes its place, published long enough or not, since a stolen key
/// is worse than a verifier that has to look twice.
pub async fn withdraw(tenancy: &Tenancy, caller: &Caller, kid: &str) -> Result<(), Error> {
    caller.require_operator()?;
    let now = tenancy.engine().now();
    let keys = tenancy.keys().published();
    let key = keys.iter().find(|key| key.kid == kid).ok_or(Error::NotFound("key"))?;
    let algorithm = key.algorithm;
    let mut tx = TenantTx::new().with(TenantWrite::DeleteKey(kid.to_owned()));
    tx.push(happened(tenancy, caller, EventKind::KeyRevoked, kid, algorithm));
    if matches!(key.state, KeyState::Current { .. }) {
        let next =
            keys.iter().find(|key| key.algorithm == algorithm && matches!(key.state, KeyState::Next { .. }));
        let next = next.ok_or_else(|| Error::Internal(format!("the tenant has no next {algorithm} key")))?;
        let to = KeyState::Current { since: now };
        tx.push(TenantWrite::MoveKey { kid: next.kid.clone(), from: "next", to });
        tx.push(happened(tenancy, caller, EventKind::KeyActivated, &next.kid, algorithm));
    }
    if !matches!(key.state, KeyState::Previous { .. }) {
        let fresh = sealed::make(tenancy.engine(), tenancy.id(), algorithm, sealed::next).await?;
        let event = happened(tenancy, caller, EventKind::KeyPublished, &fresh.kid, algorithm);
        tx.push(TenantWrite::InsertKey(Box::new(fresh)));
        tx.push(event);
    }
    tenancy.commit(tx).await?;
    Ok(())
}
