//! The revocation log: what was revoked, and the signed feed by which verifiers learn of it.
//!
//! **Owns** what a revocation kills and how long it is remembered. **Never** shows an id: the feed carries
//! truncated hashes.

mod all_of;
mod append;
mod feed;
mod state;

pub(crate) use all_of::all_of;
pub(crate) use append::{FURTHEST_AHEAD, for_good, of_session, of_token, until_now};
pub(crate) use feed::FeedCache;
pub use feed::{SignedFeed, feed};
pub(crate) use state::{Revocable, RevocationState};

use intelliauth_model::RevocationKind;

/// What the feed calls an id: what verifiers look for, so theirs is the one place where it is worked out.
pub(crate) fn id_hash(kind: RevocationKind, id: &str) -> [u8; 16] {
    intelliauth_verify::id_hash_bytes(kind.as_str(), id)
}
