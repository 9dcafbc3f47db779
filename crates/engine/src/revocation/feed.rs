use std::sync::{Arc, Mutex as Lock, PoisonError};

use intelliauth_model::{Revocation, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{Error, Tenancy};

/// How long one signed answer serves everybody who asks from the same place, in milliseconds.
const SHARED_MS: i64 = 1_000;
/// A delta longer than this is no better than a snapshot.
const LONGEST_DELTA: i64 = 10_000;
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
    /// Where the reader has to be who is told what came after; `None` for a snapshot.
    since: Option<i64>,
    /// By [`crate::Engine::ticks`].
    built_at: i64,
    head: i64,
    signer: Signer,
}

/// Who speaks: an answer in the name of a former issuer, or by a key withdrawn since, is not shared.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signer {
    issuer: String,
    kid: String,
}

/// What an answer must be to be shared.
struct Wanted {
    /// At least this far: it must not be from before our own last revocation.
    head: i64,
    signer: Signer,
    now: Timestamp,
    ticks: i64,
}

/// Signed answers of the last second, by where they begin. One signs, the others wait for what it signs.
#[derive(Default)]
pub(crate) struct FeedCache {
    signed: Lock<Vec<Arc<SignedFeed>>>,
    signing: Mutex<()>,
}

impl FeedCache {
    fn shared(&self, since: Option<i64>, wanted: &Wanted) -> Option<Arc<SignedFeed>> {
        let signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |feed: &&Arc<SignedFeed>| {
            feed.since == since
                && feed.is_young(wanted.ticks)
                && feed.head >= wanted.head
                && feed.signer == wanted.signer
        };
        signed.iter().find(holds).map(Arc::clone)
    }

    /// Keeps the answer, and of the others those of the last second: a snapshot can be megabytes.
    fn keep(&self, feed: &Arc<SignedFeed>) {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        signed.retain(|old| old.since != feed.since && old.is_young(feed.built_at));
        signed.push(Arc::clone(feed));
    }
}

impl SignedFeed {
    fn is_young(&self, now: i64) -> bool {
        (0..SHARED_MS).contains(&(now - self.built_at))
    }
}

/// A part of the log, not signed yet.
struct Part {
    since: Option<i64>,
    head: i64,
    entries: Vec<Revocation>,
}

/// The log as a signed snapshot, or what came after `since`. A `since` that cannot be served (from the
/// future, negative, or too long ago) is answered with a snapshot, which is always right.
pub async fn feed(tenancy: &Tenancy, since: Option<i64>) -> Result<Arc<SignedFeed>, Error> {
    let feeds = &tenancy.entry().feeds;
    let head = tenancy.entry().with_revocations(crate::revocation::RevocationState::seq);
    let (kid, _) = tenancy.keys().current(tenancy.tenant().settings.signing_algorithm)?;
    let signer = Signer { issuer: tenancy.issuer().to_owned(), kid: kid.to_owned() };
    let (now, ticks) = (tenancy.engine().now(), tenancy.engine().ticks());
    let wanted = Wanted { head, signer, now, ticks };
    let since = since.and_then(|since| beginning(since, head));
    if let Some(shared) = feeds.shared(since, &wanted) {
        return Ok(shared);
    }
    let _one = feeds.signing.lock().await;
    if let Some(shared) = feeds.shared(since, &wanted) {
        return Ok(shared);
    }
    let part = match since {
        Some(since) => delta(tenancy, since).await?,
        None => None,
    };
    let part = match part {
        Some(part) => part,
        None => match feeds.shared(None, &wanted) {
            Some(shared) => return Ok(shared),
            None => snapshot(tenancy).await?,
        },
    };
    let feed = Arc::new(sign(tenancy, part, wanted).await?);
    feeds.keep(&feed);
    Ok(feed)
}

/// Where the delta for somebody who is at `since` begins: at it or a little before, which serves as well,
/// since what is known already is learnt again without harm. There are only as many beginnings as the head
/// has bits: otherwise a stranger who asks from everywhere could have us sign as often as they like. `None`
/// where a snapshot serves better, told by the numbers alone, so that the store is not asked for it.
fn beginning(since: i64, head: i64) -> Option<i64> {
    let behind = u64::try_from(head.checked_sub(since)?).ok()?;
    let reach = if behind == 0 { 0 } else { behind.checked_next_power_of_two()? };
    let reach = i64::try_from(reach).ok().filter(|_| since >= 0)?;
    let beginning = head.saturating_sub(reach).max(0);
    (head - beginning < LONGEST_DELTA).then_some(beginning)
}

/// What came after `since`, unless that has become too much meanwhile.
async fn delta(tenancy: &Tenancy, since: i64) -> Result<Option<Part>, Error> {
    let head = tenancy.store().versions().await?.revocations;
    let most = u32::try_from(LONGEST_DELTA).unwrap_or(u32::MAX);
    let entries = tenancy.store().revocations_after(since, most).await?;
    if entries.len() >= most as usize {
        return Ok(None);
    }
    let head = entries.last().map_or(head, |last| last.seq.max(head));
    Ok(Some(Part { since: Some(since), head, entries }))
}

async fn snapshot(tenancy: &Tenancy) -> Result<Part, Error> {
    // The head first: entries appended while we read are then repeated by the next delta, never lost.
    let head = tenancy.store().versions().await?.revocations;
    let (mut entries, mut after) = (Vec::new(), 0);
    loop {
        let batch = tenancy.store().revocations_after(after, BATCH).await?;
        let full = batch.len() == BATCH as usize;
        after = batch.last().map_or(after, |last| last.seq);
        entries.extend(batch);
        if !full {
            break;
        }
    }
    Ok(Part { since: None, head, entries })
}

/// Writes and signs off the async threads: a long log is megabytes of JSON, and RSA is slow.
async fn sign(tenancy: &Tenancy, part: Part, wanted: Wanted) -> Result<SignedFeed, Error> {
    let tenancy = tenancy.clone();
    let work = move || {
        let Wanted { signer, now, ticks, .. } = wanted;
        let mut payload = json!({
            "iss": signer.issuer, "iat": now.seconds(), "type": "snapshot", "seq": part.head,
            "entries": wire(&part.entries, now),
        });
        if let (Some(since), Some(members)) = (part.since, payload.as_object_mut()) {
            members.insert("type".to_owned(), "delta".into());
            members.insert("since".to_owned(), since.into());
        }
        let payload = payload.to_string();
        let (kid, key) = tenancy.keys().current(tenancy.tenant().settings.signing_algorithm)?;
        let token = intelliauth_jose::sign_compact(key, TYP, kid, payload.as_bytes())
            .map_err(|error| Error::Internal(format!("revocation feed: {error}")))?;
        let content = format!("{}\n{payload}", signer.kid);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, content.as_bytes());
        let etag = intelliauth_jose::b64_encode(digest.as_ref().get(..12).unwrap_or_default());
        Ok(SignedFeed { token, etag, since: part.since, built_at: ticks, head: part.head, signer })
    };
    let failed = |_| Error::Internal("the revocation feed's signer failed".to_owned());
    tokio::task::spawn_blocking(work).await.map_err(failed)?
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
    use std::sync::Arc;

    use intelliauth_model::Timestamp;

    use super::{FeedCache, LONGEST_DELTA, SignedFeed, Signer, Wanted, beginning};

    #[test]
    fn bug_a_stranger_could_have_a_delta_signed_from_every_number() {
        let head = 100_000;
        let mut beginnings: Vec<Option<i64>> = (0..=head).map(|since| beginning(since, head)).collect();
        for (since, beginning) in (0..=head).zip(&beginnings) {
            let Some(beginning) = *beginning else { continue };
            assert!((0..=since).contains(&beginning));
            assert!(head - beginning <= 2 * (head - since), "{since}: more than twice what was asked for");
        }
        beginnings.dedup();
        assert!(beginnings.len() < 20, "{}", beginnings.len());
        assert_eq!((beginning(0, 0), beginning(7, 7), beginning(6, 7)), (Some(0), Some(7), Some(6)));
    }

    /// Each was a read of thousands of rows and a signature of its own over the same snapshot.
    #[test]
    fn bug_a_delta_too_long_was_a_snapshot_of_its_own() {
        let head = 1_000_000;
        for since in [-1, 0, 1, head - LONGEST_DELTA, head + 1, i64::MIN, i64::MAX] {
            assert_eq!(beginning(since, head), None, "{since}");
        }
        assert!(beginning(head - LONGEST_DELTA / 2, head).is_some());
    }

    fn signer(kid: &str) -> Signer {
        Signer { issuer: "https://a.example".to_owned(), kid: kid.to_owned() }
    }

    fn signed(since: Option<i64>, built_at: i64) -> Arc<SignedFeed> {
        let (token, etag) = (String::new(), String::new());
        Arc::new(SignedFeed { token, etag, since, built_at, head: 7, signer: signer("k") })
    }

    #[test]
    fn bug_old_answers_were_held_for_ever() {
        let cache = FeedCache::default();
        for since in 0..7 {
            cache.keep(&signed(Some(since), 0));
        }
        cache.keep(&signed(None, 999));
        cache.keep(&signed(None, 999));
        assert_eq!(cache.signed.lock().unwrap().len(), 8);
        cache.keep(&signed(Some(3), 1_000));
        assert_eq!(cache.signed.lock().unwrap().len(), 2);
    }

    #[test]
    fn an_answer_is_shared_with_whom_it_tells_enough() {
        let cache = FeedCache::default();
        cache.keep(&signed(None, 0));
        let shared = |since, head, kid, ticks| {
            cache.shared(since, &Wanted { head, signer: signer(kid), now: Timestamp(0), ticks }).is_some()
        };
        assert!(shared(None, 7, "k", 999) && shared(None, 6, "k", 0));
        assert!(!shared(None, 8, "k", 0) && !shared(None, 7, "l", 0) && !shared(Some(7), 7, "k", 0));
        assert!(!shared(None, 7, "k", 1_000) && !shared(None, 7, "k", -1));
    }
}
