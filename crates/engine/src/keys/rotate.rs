use intelliauth_model::{EventKind, JobKind, KeyAlgorithm, KeyState, MAX_ACCESS_TOKEN_SECONDS};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use super::{MOST_PUBLISHED, PUBLISH_LEAD_SECONDS, PublishedKey, sealed};
use crate::{
    Caller, Error, Tenancy,
    audit::{Happening, target},
    jobs,
};

/// How long a change made on one node may be unseen on another, in seconds, with some to spare.
const NODES_SECONDS: i64 = 1;

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The algorithm whose keys moved.
    pub algorithm: KeyAlgorithm,
    /// The key that signs now.
    pub current: String,
    /// The key that signed before; its tokens stay good until they expire.
    pub previous: Option<String>,
    /// The key published to sign next.
    pub next: String,
}

/// Makes the next key sign, and publishes one after it. Refused while the next key has been published for
/// less than [`PUBLISH_LEAD_SECONDS`]. With `force`, which says that verifiers without it are the lesser evil, it
/// still has to be published for as long as another node may not know of it: nobody signs with a key that a node
/// of the same tenant does not publish.
pub async fn rotate(
    tenancy: &Tenancy,
    caller: &Caller,
    algorithm: KeyAlgorithm,
    force: bool,
) -> Result<Rotation, Error> {
    caller.require_operator()?;
    let now = tenancy.engine().now();
    let keys = tenancy.keys().published();
    if keys.len() >= MOST_PUBLISHED {
        return Err(Error::Refused {
            code: "too_many_keys",
            message: "too many keys are published; wait until the tokens of some are dead".to_owned(),
        });
    }
    let keys: Vec<PublishedKey> = keys.into_iter().filter(|key| key.algorithm == algorithm).collect();
    let next = keys.iter().find(|key| matches!(key.state, KeyState::Next { .. }));
    let next = next.ok_or_else(|| Error::Internal(format!("the tenant has no next {algorithm} key")))?;
    if let KeyState::Next { published_at } = next.state {
        let (lead, who) = if force { (NODES_SECONDS, "node") } else { (PUBLISH_LEAD_SECONDS, "verifier") };
        let ready = published_at.plus_seconds(lead);
        if ready > now {
            let wait = (ready.0 - now.0 - 1).div_euclid(1000) + 1;
            return Err(Error::Refused {
                code: "key_not_yet_published",
                message: format!("the next {algorithm} key may sign in {wait} s, when every {who} has it"),
            });
        }
    }
    let current = keys.iter().find(|key| matches!(key.state, KeyState::Current { .. }));
    let fresh = sealed::make(tenancy.engine(), tenancy.id(), algorithm, sealed::next).await?;
    let rotation = Rotation {
        algorithm,
        current: next.kid.clone(),
        previous: current.map(|key| key.kid.clone()),
        next: fresh.kid.clone(),
    };
    let mut tx = TenantTx::new();
    if let Some(previous) = &rotation.previous {
        let until = now.plus_seconds(i64::from(MAX_ACCESS_TOKEN_SECONDS) + PUBLISH_LEAD_SECONDS);
        let to = KeyState::Previous { since: now, until };
        tx.push(TenantWrite::MoveKey { kid: previous.clone(), from: "current", to });
        tx.push(happened(tenancy, caller, EventKind::KeyRetired, previous, algorithm));
        tx.push(jobs::wanted(JobKind::KeySchedule, until));
    }
    let to = KeyState::Current { since: now };
    tx.push(TenantWrite::MoveKey { kid: rotation.current.clone(), from: "next", to });
    tx.push(happened(tenancy, caller, EventKind::KeyActivated, &rotation.current, algorithm));
    tx.push(TenantWrite::InsertKey(Box::new(fresh)));
    tx.push(happened(tenancy, caller, EventKind::KeyPublished, &rotation.next, algorithm));
    tenancy.commit(tx).await?;
    Ok(rotation)
}

pub(super) fn happened(
    tenancy: &Tenancy,
    caller: &Caller,
    kind: EventKind,
    key: &str,
    algorithm: KeyAlgorithm,
) -> TenantWrite {
    tenancy.engine().event_write(Happening {
        kind,
        actor: caller.actor(),
        target: target("key", key),
        request_id: caller.request_id(),
        data: json!({ "algorithm": algorithm.as_str() }),
    })
}
