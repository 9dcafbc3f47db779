use std::collections::HashMap;

use crate::{AccessClaims, Entry, Feed, FeedBody, FeedError, id_hash, policy::MAX_TOLERANCE};

/// How far behind its receipt a feed may have been signed and still count from its receipt, in seconds:
/// clocks differ, caches hold an answer for a moment.
const SIGNING_LEEWAY: i64 = 30;

/// The issuer's revocations as known here: a state machine fed from outside.
#[derive(Clone, Debug)]
pub struct Revocations {
    issuer: String,
    seq: Option<i64>,
    gap: bool,
    as_of: i64,
    entries: HashMap<(String, String), Known>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    not_before: i64,
    expires_at: i64,
}

/// What a feed did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Entries that were new or stronger.
    pub changed: usize,
    /// How far the state reaches now.
    pub seq: i64,
}

impl Revocations {
    /// Nothing known yet.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), seq: None, gap: false, as_of: i64::MIN, entries: HashMap::new() }
    }

    /// Takes a feed received at `received_at` (seconds). A snapshot replaces the state, a delta extends it;
    /// neither can take it back to an earlier number.
    pub fn apply(&mut self, feed: &Feed, received_at: i64) -> Result<Applied, FeedError> {
        if feed.iss != self.issuer {
            return Err(FeedError::Issuer);
        }
        match (feed.body, self.seq) {
            (FeedBody::Snapshot, Some(seq)) if feed.seq < seq => return Err(FeedError::OutOfOrder),
            (FeedBody::Snapshot, _) => self.entries.clear(),
            (FeedBody::Delta { since }, Some(seq)) if since <= seq && feed.seq >= seq => {}
            (FeedBody::Delta { .. }, _) => {
                self.gap = true;
                return Err(FeedError::OutOfOrder);
            }
        }
        let changed = feed.entries.iter().filter(|entry| self.learn(entry)).count();
        (self.seq, self.gap) = (Some(feed.seq), false);
        self.as_of = self.as_of.max(received_at.min(feed.iat.saturating_add(SIGNING_LEEWAY)));
        // By the issuer's clock if ours is ahead: an hour by which ours is wrong must not revive a token.
        self.prune(received_at.min(feed.iat));
        Ok(Applied { changed, seq: feed.seq })
    }

    /// A later entry never makes an earlier one weaker.
    fn learn(&mut self, entry: &Entry) -> bool {
        let known = Known { not_before: entry.not_before, expires_at: entry.expires_at };
        let mut changed = false;
        let slot = self.entries.entry((entry.kind.clone(), entry.id_hash.clone())).or_insert_with(|| {
            changed = true;
            known
        });
        changed |= known.not_before > slot.not_before;
        slot.not_before = slot.not_before.max(known.not_before);
        slot.expires_at = slot.expires_at.max(known.expires_at);
        changed
    }

    /// Whether to ask for a snapshot next: nothing is known yet, or a delta did not follow what is. What is
    /// known still holds meanwhile, and only grows old.
    #[must_use]
    pub const fn needs_snapshot(&self) -> bool {
        self.seq.is_none() || self.gap
    }

    /// How far the log is known.
    #[must_use]
    pub const fn seq(&self) -> Option<i64> {
        self.seq
    }

    /// The moment the state is true of, in seconds: what was revoked until then is in it.
    #[must_use]
    pub const fn as_of(&self) -> i64 {
        self.as_of
    }

    /// Whether the token, its session, user, client or tenant was revoked.
    #[must_use]
    pub fn is_revoked(&self, claims: &AccessClaims) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        let find = |kind: &str, id: &str| self.entries.get(&(kind.to_owned(), id_hash(kind, id)));
        let until = |kind, id: &str| find(kind, id).is_some_and(|known| claims.iat <= known.not_before);
        find("token", &claims.jti).is_some()
            || claims.sid.as_ref().is_some_and(|sid| find("session", sid).is_some())
            || until("user", &claims.sub)
            || until("client", &claims.client_id)
            || until("tenant", &claims.iss)
    }

    /// How many entries are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Forgets entries whose tokens no policy accepts any more. They are kept past their time for the
    /// largest clock tolerance: dropped when its last token expires, an entry would let that token live
    /// again for as long as clocks may differ.
    pub fn prune(&mut self, now: i64) {
        let past = now.saturating_sub(i64::from(MAX_TOLERANCE));
        self.entries.retain(|_, known| known.expires_at > past);
    }
}
