//! Signing keys: per tenant and algorithm one that signs, one that is published to sign next, and those
//! whose tokens still live.
//!
//! **Owns** when a key is published, signs, retires and is withdrawn. **Never** lets a key sign that is not
//! in the JWKS, nor lets a private key leave the process unsealed.

mod ring;
mod rotate;
mod schedule;
mod sealed;
mod withdraw;

pub(crate) use ring::KeyRing;
pub use ring::{PublishedKey, published};
pub use rotate::{Rotation, rotate};
pub use schedule::{Followed, follow_schedule};
pub(crate) use schedule::{LOOKED_AT_SECONDS, look_again_at};
pub(crate) use sealed::first_keys;
pub use withdraw::withdraw;

/// How many keys are published at the most: verifiers take 64, and a JWKS they refuse is an outage of
/// everything. What is over stays for withdrawals, which publish a replacement.
const MOST_PUBLISHED: usize = 56;
/// How long the JWKS may be cached, in seconds.
pub const JWKS_MAX_AGE_SECONDS: u32 = 300;
/// How long a key is published before it may sign, in seconds: three times the JWKS cache age, so that
/// every verifier that honours it has the key.
pub const PUBLISH_LEAD_SECONDS: i64 = 900;
