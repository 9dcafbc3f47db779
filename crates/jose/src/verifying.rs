use std::{fmt, sync::Arc};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};

use crate::{Algorithm, KeyError, jwk::Material};

/// A public key that checks signatures of exactly one algorithm. Parsed once; cloning shares it.
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    key: Arc<ParsedPublicKey>,
}

impl VerifyingKey {
    pub(crate) fn new(material: &Material) -> Result<Self, KeyError> {
        let key = match material {
            Material::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            }
            // SEC 1 §2.3.3: an uncompressed point. The library refuses points that are not on the curve.
            Material::P256 { x, y } => {
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, [&[4_u8][..], x, y].concat())
            }
            Material::Ed25519 { x } => ParsedPublicKey::new(&ED25519, x),
        };
        let key = key.map_err(|_| KeyError::Unsuitable("the numbers are not a key"))?;
        let algorithm = material.algorithm();
        Ok(Self { algorithm, key: Arc::new(key) })
    }

    /// What it checks.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether `signature` is this key's signature of `message`.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.algorithm)
    }
}
