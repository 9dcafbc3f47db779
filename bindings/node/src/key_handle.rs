use intelliauth_jose::{Jwk, KeyError, Limits, VerifyingKey, parse_object};
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;

use crate::guard::unless_panicking;

/// A public key, taken in once. Made by `importKey` only.
#[napi]
pub struct KeyHandle {
    key: VerifyingKey,
}

#[napi]
impl KeyHandle {
    /// The one algorithm this key checks: `RS256`, `ES256` or `EdDSA`.
    #[napi(getter)]
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        self.key.algorithm().as_str()
    }
}

impl KeyHandle {
    /// The key itself; cloning it shares it.
    pub(crate) const fn key(&self) -> &VerifyingKey {
        &self.key
    }
}

/// Takes in one public JWK, as JSON in UTF-8. Throws an error with the code of why it cannot be used.
#[napi(catch_unwind)]
pub fn import_key(jwk_json: Uint8ArraySlice<'_>) -> napi::Result<KeyHandle, &'static str> {
    // Within the limit, copied: the bytes may lie in memory that another thread writes to.
    let json = jwk_json.get(..=Limits::TOKEN.bytes).unwrap_or(&jwk_json).to_vec();
    unless_panicking(Err(KeyError::Malformed("content")), || imported(&json))
        .map(|key| KeyHandle { key })
        .map_err(|error| napi::Error::new(error.code(), error.to_string()))
}

fn imported(json: &[u8]) -> Result<VerifyingKey, KeyError> {
    let object = parse_object(json, Limits::TOKEN).map_err(|_| KeyError::Malformed("JSON"))?;
    Jwk::parse(&object.into())?.verifying_key()
}
