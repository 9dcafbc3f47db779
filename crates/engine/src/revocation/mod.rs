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

/// What the feed calls an id.
pub(crate) fn id_hash(kind: RevocationKind, id: &str) -> [u8; 16] {
    let digest =
        aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("{}:{id}", kind.as_str()).as_bytes());
    let mut hash = [0_u8; 16];
    for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    hash
}
