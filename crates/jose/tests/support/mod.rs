//! Checking a JWS with one key, the way a verifier has to: the key decides the algorithm.

use intelliauth_jose::{Compact, Jwk, VerifyingKey};
use serde_json::Value;

/// Whether the JWK can be used and the JWS, naming the key's algorithm, is signed with it.
pub(crate) fn accepts(jwk: &Value, jws: &str) -> bool {
    let Some(key) = Jwk::parse(jwk).and_then(|jwk| jwk.verifying_key()).ok() else { return false };
    holds(&key, jws)
}

fn holds(key: &VerifyingKey, jws: &str) -> bool {
    let Ok(parts) = Compact::parse(jws) else { return false };
    parts.payload_bytes().is_ok()
        && parts.header.get("alg").and_then(Value::as_str) == Some(key.algorithm().as_str())
        && key.verify(parts.signing_input.as_bytes(), &parts.signature)
}
