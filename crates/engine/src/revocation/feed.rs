use std::sync::Arc;

use intelliauth_model::{Revocation, Timestamp};
use quick_cache::sync::Cache;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{Error, Tenancy};

/// How long one signed answer serves everybody who asks from the same place, in milliseconds.
const SHARED_MS: i64 = 1_000;
/// A delta longer than this is no better than a snapshot.
const LONGEST_DELTA: u32 = 10_000;
/// How many entries are read from the store at once.
const BATCH: u32 = 10_000;

/// The `typ` of the feed's JWS.
const TYP: &str = "revocations+jwt";

/// A signed part of the revocation log.
#[derive(Debug)]
pub struct SignedFeed {
    /// The compact JWS.
    pub token: String,
    /// Changes whenever the content does.
    pub etag: String,
    built_at: Timestamp,
    /// The configuration it was built from: keys, issuer and our own revocations.
    version: i64,
}

/// Signed answers of the last second, by where they begin. One signs, the others wait for what it signs.
pub(crate) struct FeedCache {
    signed: Cache<Option<i64>, Arc<SignedFeed>>,
    signing: Mutex<()>,
}

impl FeedCache {
    pub(crate) fn new() -> Self {
        // There are at most 65 beginnings.
        Self { signed: Cache::new(128), signing: Mutex::default() }
    }

    /// An answer that still holds: young, and not from before our own last revocation, signed by a key
    /// withdrawn since or in the name of a former issuer.
    fn shared(&self, since: Option<i64>, version: i64, now: Timestamp) -> Option<Arc<SignedFeed>> {
        let shared = self.signed.get(&since)?;
        let young = (0..SHARED_MS).contains(&(now.0 - shared.built_at.0));
        (young && shared.version == version).then_some(shared)
    }
}

/// The log as a signed snapshot, or what came after `since`. A `since` that cannot be served (from the
/// future, negative, or too long ago) is answered with a snapshot, which is always right.
pub async fn feed(tenancy: &Tenancy, since: Option<i64>) -> Result<Arc<SignedFeed>, Error> {
    let feeds = &tenancy.entry().feeds;
    let now = tenancy.engine().now();
    let version = tenancy.snapshot().version();
    let head = tenancy.entry().with_revocations(crate::revocation::RevocationState::seq);
    let since = since.filter(|since| (0..=head).contains(since)).map(|since| beginning(since, head));
    if let Some(shared) = feeds.shared(since, version, now) {
        return Ok(shared);
    }
    let _one = feeds.signing.lock().await;
    if let Some(shared) = feeds.shared(since, version, now) {
        return Ok(shared);
    }
    let delta = match since {
        Some(since) => delta(tenancy, since, now).await?,
        None => None,
    };
    let (payload, head) = match delta {
        Some(delta) => delta,
        None => snapshot(tenancy, now).await?,
    };
    let (kid, key) = tenancy.keys().current(tenancy.tenant().settings.signing_algorithm)?;
    let token = intelliauth_jose::sign_compact(key, TYP, kid, payload.to_string().as_bytes())
        .map_err(|error| Error::Internal(format!("revocation feed: {error}")))?;
    let from = since.map_or("s".to_owned(), |since| since.to_string());
    let etag = format!("{version}-{head}-{from}-{}", now.0 / SHARED_MS);
    let signed = Arc::new(SignedFeed { token, etag, built_at: now, version });
    feeds.signed.insert(since, Arc::clone(&signed));
    Ok(signed)
}

/// Where the delta for somebody who is at `since` begins: at it or a little before, which serves as well,
/// since what is known already is learnt again without harm. There are only as many beginnings as the head
/// has bits: otherwise a stranger who asks from everywhere could have us sign as often as they like.
fn beginning(since: i64, head: i64) -> i64 {
    let behind = u64::try_from(head - since).unwrap_or(0);
    let reach = if behind == 0 { 0 } else { behind.next_power_of_two() };
    head.saturating_sub(i64::try_from(reach).unwrap_or(i64::MAX)).max(0)
}

async fn delta(tenancy: &Tenancy, since: i64, now: Timestamp) -> Result<Option<(Value, i64)>, Error> {
    let head = tenancy.store().revocation_head().await?;
    let entries = tenancy.store().revocations_after(since, LONGEST_DELTA).await?;
    if entries.len() >= LONGEST_DELTA as usize {
        return Ok(None);
    }
    let head = entries.last().map_or(head, |last| last.seq.max(head));
    let payload = json!({
        "iss": tenancy.issuer(), "iat": now.seconds(), "type": "delta", "since": since, "seq": head,
        "entries": wire(&entries, now),
    });
    Ok(Some((payload, head)))
}

async fn snapshot(tenancy: &Tenancy, now: Timestamp) -> Result<(Value, i64), Error> {
    // The head first: entries appended while we read are then repeated by the next delta, never lost.
    let head = tenancy.store().revocation_head().await?;
    let (mut entries, mut after) = (Vec::new(), 0);
    loop {
        let batch = tenancy.store().revocations_after(after, BATCH).await?;
        let full = batch.len() == BATCH as usize;
        after = batch.last().map_or(after, |last| last.seq);
        entries.extend(wire(&batch, now));
        if !full {
            break;
        }
    }
    let payload = json!({
        "iss": tenancy.issuer(), "iat": now.seconds(), "type": "snapshot", "seq": head, "entries": entries,
    });
    Ok((payload, head))
}

fn wire(entries: &[Revocation], now: Timestamp) -> Vec<Value> {
    let live = entries.iter().filter(|revocation| revocation.entry.expires_at > now);
    live.map(|revocation| {
        let entry = &revocation.entry;
        json!({
            "seq": revocation.seq,
            "kind": entry.kind.as_str(),
            "id_hash": intelliauth_jose::b64_encode(&entry.id_hash),
            "not_before": entry.not_before.seconds(),
            "expires_at": entry.expires_at.seconds(),
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn bug_a_stranger_could_have_a_delta_signed_from_every_number() {
        let head = 100_000;
        let mut beginnings: Vec<i64> = (0..=head).map(|since| beginning(since, head)).collect();
        for (since, beginning) in (0..=head).zip(&beginnings) {
            assert!((0..=since).contains(beginning));
            assert!(head - beginning <= 2 * (head - since), "{since}: more than twice what was asked for");
        }
        beginnings.dedup();
        assert!(beginnings.len() < 20, "{}", beginnings.len());
        assert_eq!((beginning(0, 0), beginning(7, 7), beginning(6, 7)), (0, 7, 6));
    }
}
