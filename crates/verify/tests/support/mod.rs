//! A tenant with one key that signs what a test wants.
#![allow(dead_code, reason = "each test file uses a part of it")]

use intelliauth_jose::{Algorithm, SigningKey, VerifyingKey, sign_compact};
use intelliauth_verify::{Feed, FeedError, KeySet, parse_feed};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://acme-bank.auth.example";
pub(crate) const AUDIENCE: &str = "api.banking.example";
pub(crate) const NOW: i64 = 1_800_000_000;
const KID: &str = "test";

pub(crate) struct Tenant {
    issuer: String,
    key: SigningKey,
    pub(crate) keys: KeySet,
}

impl Tenant {
    pub(crate) fn new(issuer: &str) -> Self {
        Self::with(issuer, Algorithm::EdDsa)
    }

    pub(crate) fn with(issuer: &str, algorithm: Algorithm) -> Self {
        let key = SigningKey::generate(algorithm).unwrap();
        let keys = KeySet::from_keys([(KID.to_owned(), public(&key))]);
        Self { issuer: issuer.to_owned(), key, keys }
    }

    /// Signs a payload under any type.
    pub(crate) fn sign(&self, typ: &str, payload: &Value) -> String {
        sign_compact(&self.key, typ, KID, payload.to_string().as_bytes()).unwrap()
    }

    /// Signs a feed and reads it back.
    pub(crate) fn feed(&self, payload: &Value) -> Result<Feed, FeedError> {
        parse_feed(&self.sign("revocations+jwt", payload), &self.keys, &self.issuer)
    }

    /// A good access token with changes; a claim set to null is left out.
    pub(crate) fn access_token(&self, changes: &Value) -> String {
        let mut claims = json!({
            "iss": self.issuer, "sub": "usr_1", "aud": AUDIENCE, "exp": NOW + 3000, "iat": NOW - 600,
            "jti": "tok_1", "client_id": "app_1", "scope": "read", "sid": "ses_1",
        });
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        self.sign("at+jwt", &claims)
    }
}

fn public(key: &SigningKey) -> VerifyingKey {
    key.public_jwk().verifying_key().unwrap()
}
