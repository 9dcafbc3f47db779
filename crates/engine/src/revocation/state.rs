use std::collections::HashMap;

use intelliauth_model::{NewRevocation, Revocation, RevocationKind, Timestamp};

use super::id_hash;

/// The tenant's revocations as this process knows them.
#[derive(Default)]
pub(crate) struct RevocationState {
    seq: i64,
    pruned_at: Option<Timestamp>,
    entries: HashMap<(RevocationKind, [u8; 16]), NewRevocation>,
}

/// How long what has expired may be kept, in milliseconds.
const PRUNE_MS: i64 = 60_000;

/// What of a token can be revoked.
pub(crate) struct Revocable<'a> {
    pub(crate) jti: &'a str,
    pub(crate) sid: Option<&'a str>,
    pub(crate) sub: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) issuer: &'a str,
    pub(crate) iat: i64,
}

impl RevocationState {
    /// How far the log has been read.
    pub(crate) const fn seq(&self) -> i64 {
        self.seq
    }

    pub(crate) fn apply(&mut self, batch: &[Revocation], seq: i64) {
        for revocation in batch {
            let entry = revocation.entry;
            let slot = self.entries.entry((entry.kind, entry.id_hash)).or_insert(entry);
            // A later entry never makes an earlier one weaker.
            slot.not_before = slot.not_before.max(entry.not_before);
            slot.expires_at = slot.expires_at.max(entry.expires_at);
        }
        self.seq = self.seq.max(seq);
    }

    /// Forgets what has expired, if the last time is not just now: it looks at every entry, and a tenant may
    /// revoke many times a second. An entry kept for longer does no harm, since what it kills has expired too.
    pub(crate) fn prune(&mut self, now: Timestamp) {
        if self.pruned_at.is_some_and(|last| (0..PRUNE_MS).contains(&(now.0 - last.0))) {
            return;
        }
        self.pruned_at = Some(now);
        self.entries.retain(|_, entry| entry.expires_at > now);
    }

    fn find(&self, kind: RevocationKind, id: &str) -> Option<&NewRevocation> {
        self.entries.get(&(kind, id_hash(kind, id)))
    }

    /// Whether the token is dead.
    pub(crate) fn kills(&self, token: &Revocable<'_>) -> bool {
        let listed = |kind, id: &str| self.find(kind, id).is_some();
        listed(RevocationKind::Token, token.jti)
            || token.sid.is_some_and(|sid| listed(RevocationKind::Session, sid))
            || self
                .not_before(token.sub, token.client_id, token.issuer)
                .is_some_and(|moment| token.iat <= moment)
    }

    /// The moment, in seconds, after which a token of this user, client and tenant has to be issued.
    pub(crate) fn not_before(&self, sub: &str, client_id: &str, issuer: &str) -> Option<i64> {
        [(RevocationKind::User, sub), (RevocationKind::Client, client_id), (RevocationKind::Tenant, issuer)]
            .into_iter()
            .filter_map(|(kind, id)| Some(self.find(kind, id)?.not_before.seconds()))
            .max()
    }

    /// The latest second into which an earlier revocation may have moved the `iat` of a token that this one
    /// is to kill, whichever process issued it. A user's tokens are moved by revocations of that user, of
    /// their clients and of the tenant, and so on for clients and tenant.
    pub(crate) fn latest_moved_iat(&self, kind: RevocationKind, id: &str) -> i64 {
        let own = id_hash(kind, id);
        let moves = |other: RevocationKind, hash: &[u8; 16]| match other {
            RevocationKind::Token | RevocationKind::Session => false,
            _ => other != kind || *hash == own,
        };
        let relevant = self.entries.iter().filter(|((other, hash), _)| moves(*other, hash));
        relevant.map(|(_, entry)| entry.not_before.seconds() + 1).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A start with a long log took time by the square of its length.
    #[test]
    fn bug_each_part_of_the_log_had_all_before_it_looked_through() {
        let revocation = |seq: i64, expires_at| {
            let id_hash = id_hash(RevocationKind::Token, &seq.to_string());
            let kind = RevocationKind::Token;
            let entry = NewRevocation { kind, id_hash, not_before: Timestamp(0), expires_at };
            Revocation { seq, entry }
        };
        let mut state = RevocationState::default();
        for seq in 1..=10 {
            state.apply(&[revocation(seq, Timestamp(seq))], seq);
        }
        assert_eq!((state.entries.len(), state.seq()), (10, 10), "looked through before the end");
        state.prune(Timestamp(7));
        assert_eq!((state.entries.len(), state.seq()), (3, 10));
        state.prune(Timestamp(8));
        assert_eq!(state.entries.len(), 3, "looked through again at once");
        for later in [Timestamp(7 + PRUNE_MS), Timestamp(6)] {
            state.apply(&[revocation(11, Timestamp(1))], 11);
            state.prune(later);
            assert!(state.entries.is_empty(), "{later}: a clock that goes back prunes too");
        }
    }
}
