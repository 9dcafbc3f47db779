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
    head: i64,
    built_at: Timestamp,
}

/// How many deltas are signed per second. Honest pollers ask from the few places the log has been at
/// lately; whoever asks from many gets the snapshot that everybody shares, since signing is dear and nobody
/// is asked who they are.
const DELTAS_PER_SECOND: u32 = 32;

/// Signed answers of the last second, by where they begin.
pub(crate) struct FeedCache {
    signed: Cache<Option<i64>, Arc<SignedFeed>>,
    signing: Mutex<Budget>,
}

#[derive(Default)]
struct Budget {
    second: i64,
    spent: u32,
}

impl FeedCache {
    pub(crate) fn new() -> Self {
        Self { signed: Cache::new(DELTAS_PER_SECOND as usize * 2), signing: Mutex::default() }
    }

    /// An answer that still holds: young, and not from before our own last revocation.
    fn shared(&self, since: Option<i64>, head: i64, now: Timestamp) -> Option<Arc<SignedFeed>> {
        let shared = self.signed.get(&since)?;
        let young = (0..SHARED_MS).contains(&(now.0 - shared.built_at.0));
        (young && shared.head >= head).then_some(shared)
    }
}

impl Budget {
    fn allows(&mut self, now: Timestamp) -> bool {
        if self.second != now.seconds() {
            *self = Self { second: now.seconds(), spent: 0 };
        }
        self.spent += 1;
        self.spent <= DELTAS_PER_SECOND
    }
}

/// The log as a signed snapshot, or what came after `since`. A `since` that cannot be served (from the
/// future, negative, or too long ago) is answered with a snapshot, which is always right.
pub async fn feed(tenancy: &Tenancy, since: Option<i64>) -> Result<Arc<SignedFeed>, Error> {
    let entry = tenancy.entry();
    let feeds = &entry.feeds;
    let now = tenancy.engine().now();
    let head = entry.with_revocations(crate::revocation::RevocationState::seq);
    let since = since.filter(|since| (0..=head).contains(since));
    if let Some(shared) = feeds.shared(since, head, now) {
        return Ok(shared);
    }
    // One signs, the others wait for what it signs.
    let mut budget = feeds.signing.lock().await;
    let since = since.filter(|_| feeds.shared(since, head, now).is_some() || budget.allows(now));
    if let Some(shared) = feeds.shared(since, head, now) {
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
    let signed = Arc::new(sign(tenancy, &payload, since, head, now)?);
    feeds.signed.insert(since, Arc::clone(&signed));
    Ok(signed)
}

fn sign(
    tenancy: &Tenancy,
    payload: &Value,
    since: Option<i64>,
    head: i64,
    now: Timestamp,
) -> Result<SignedFeed, Error> {
    let (kid, key) = tenancy.keys().current(tenancy.tenant().settings.signing_algorithm)?;
    let token = intelliauth_jose::sign_compact(key, TYP, kid, payload.to_string().as_bytes())
        .map_err(|error| Error::Internal(format!("revocation feed: {error}")))?;
    let from = since.map_or("s".to_owned(), |since| since.to_string());
    Ok(SignedFeed { token, etag: format!("{head}-{from}-{}", now.seconds()), head, built_at: now })
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
