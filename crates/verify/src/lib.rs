//! The verdict on an access token.
//!
//! **Owns** the policy: what a good token looks like, which keys count, what a revocation kills. **Never**
//! does I/O or looks at a clock: keys, revocations and the time come in as arguments, and what is missing
//! goes out as a value ([`Refusal::UnknownKey`], [`Revocations::needs_snapshot`]).

mod claims;
mod feed;
mod hash;
mod header;
mod key_set;
mod policy;
mod refusal;
mod revocations;
mod verdict;

pub use claims::AccessClaims;
pub use feed::{Entry, Feed, FeedBody, FeedError, parse_feed};
pub use hash::{id_hash, id_hash_bytes};
pub use key_set::{KeySet, KeySetError};
pub use policy::Policy;
pub use refusal::Refusal;
pub use revocations::{Applied, Revocations};
pub use verdict::{Verified, verify};
