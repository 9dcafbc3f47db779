use intelliauth_jose::{Algorithm, SigningKey, b64_decode, b64_encode};
use serde_json::Value;

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).expect("a part");
    serde_json::from_slice(&b64_decode(part).expect("base64url")).expect("JSON")
}

/// The header of a token, unchecked.
pub(crate) fn header(token: &str) -> Value {
    part(token, 0)
}

/// The claims of a token, unchecked.
pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

/// The token with other claims under its old signature.
pub(crate) fn tamper(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut payload = claims(token);
    change(&mut payload);
    let parts: Vec<&str> = token.split('.').collect();
    format!("{}.{}.{}", parts[0], b64_encode(payload.to_string().as_bytes()), parts[2])
}

/// The token's claims signed by somebody else under the same `kid`.
pub(crate) fn resign(token: &str) -> String {
    let key = SigningKey::generate(Algorithm::Es256).expect("a key");
    let kid = header(token)["kid"].as_str().expect("a kid").to_owned();
    intelliauth_jose::sign_compact(&key, "at+jwt", &kid, claims(token).to_string().as_bytes())
        .expect("a token")
}
