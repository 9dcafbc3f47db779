use std::sync::Arc;

use intelliauth_jose::{Jwk, VerifyingKey};
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;

use crate::guard::unless_panicking;

/// The `code` of the error for a key that cannot be used.
const UNUSABLE_KEY: &str = "unusable_key";

/// A public key, taken in once. Made by `importKey` only.
#[napi]
pub struct KeyHandle {
    key: Arc<VerifyingKey>,
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
    pub(crate) fn key(&self) -> &Arc<VerifyingKey> {
        &self.key
    }
}

/// Takes in one public JWK, as JSON in UTF-8. Throws an error with the code `unusable_key`.
#[napi(catch_unwind)]
pub fn import_key(jwk_json: Uint8ArraySlice<'_>) -> napi::Result<KeyHandle, &'static str> {
    let json = jwk_json.to_vec();
    unless_panicking(Err("it could not be read".to_owned()), || imported(&json))
        .map(|key| KeyHandle { key: Arc::new(key) })
        .map_err(|reason| napi::Error::new(UNUSABLE_KEY, format!("the key cannot be used: {reason}")))
}

fn imported(json: &[u8]) -> Result<VerifyingKey, String> {
    let object = intelliauth_jose::parse_object(json, intelliauth_jose::Limits::default())
        .map_err(|error| error.to_string())?;
    let jwk = Jwk::parse(&object.into()).map_err(|error| error.to_string())?;
    jwk.verifying_key().map_err(|error| error.to_string())
}
