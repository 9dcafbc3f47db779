use std::collections::{HashMap, HashSet};

use intelliauth_jose::{Jwk, VerifyingKey};
use serde_json::Value;

/// How many keys of a JWKS are looked at.
const MAX_KEYS: usize = 64;

/// The keys an issuer publishes, by key id.
#[derive(Clone, Debug, Default)]
pub struct KeySet(HashMap<String, VerifyingKey>);

/// A document that is not a JWKS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// There is no array `keys`.
    #[error("not a JWKS: there is no array of keys")]
    NotAKeySet,
    /// More than 64 keys.
    #[error("the JWKS has more than 64 keys")]
    TooManyKeys,
}

impl KeySet {
    /// Reads a JWKS (RFC 7517 §5). Keys that cannot check signatures here, or have no id, are left out
    /// (§5 says to ignore them); of two keys with one id neither counts, since which of them signed could
    /// then be anybody's choice.
    pub fn from_jwks(jwks: &Value) -> Result<Self, KeySetError> {
        let keys = jwks.get("keys").and_then(Value::as_array).ok_or(KeySetError::NotAKeySet)?;
        if keys.len() > MAX_KEYS {
            return Err(KeySetError::TooManyKeys);
        }
        let (mut seen, mut twice) = (HashSet::new(), HashSet::new());
        for kid in keys.iter().filter_map(|key| key.get("kid").and_then(Value::as_str)) {
            if !seen.insert(kid) {
                twice.insert(kid);
            }
        }
        let usable = keys.iter().filter_map(|value| {
            let jwk = Jwk::parse(value).ok()?;
            let kid = jwk.kid.clone().filter(|kid| !twice.contains(kid.as_str()))?;
            Some((kid, jwk.verifying_key().ok()?))
        });
        Ok(Self(usable.collect()))
    }

    /// A set of keys already parsed.
    pub fn from_keys(keys: impl IntoIterator<Item = (String, VerifyingKey)>) -> Self {
        Self(keys.into_iter().collect())
    }

    /// The key with this id.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&VerifyingKey> {
        self.0.get(kid)
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
