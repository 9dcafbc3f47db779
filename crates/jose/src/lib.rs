//! JOSE as this product needs it: compact JWS, public JWKs and the three algorithms on the list.
//!
//! **Owns** encodings, key types, and signing and checking bytes. **Never** looks at a clock, the network
//! or a claim.

mod algorithm;
mod b64;
mod compact;
mod error;
mod json;
mod jwk;
mod signing;
mod verifying;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use b64::{NotCanonical, decode as b64_decode, encode as b64_encode};
pub use compact::{Compact, CompactError, MAX_TOKEN_BYTES, sign_compact};
pub use error::KeyError;
pub use json::{JsonError, Limits, parse_object};
pub use jwk::Jwk;
pub use signing::SigningKey;
pub use verifying::VerifyingKey;
