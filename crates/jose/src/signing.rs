use std::fmt;

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use zeroize::Zeroizing;

use crate::{Algorithm, Jwk, KeyError, jwk::Material};

/// A private key. It shows nothing of itself but its algorithm.
pub struct SigningKey(Inner);

enum Inner {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

const CANNOT_MAKE: KeyError = KeyError::Private("it could not be made");
const CANNOT_READ: KeyError = KeyError::Private("it is not a PKCS#8 key of this algorithm");
const CANNOT_SIGN: KeyError = KeyError::Private("it could not sign");

impl SigningKey {
    /// Makes a key with the crypto library's own random source: RSA of 2048 bits, P-256 or Ed25519.
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        Ok(Self(match algorithm {
            Algorithm::Rs256 => {
                Inner::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| CANNOT_MAKE)?))
            }
            Algorithm::Es256 => {
                let key =
                    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| CANNOT_MAKE)?;
                Inner::P256(Box::new(key))
            }
            Algorithm::EdDsa => {
                Inner::Ed25519(Box::new(Ed25519KeyPair::generate().map_err(|_| CANNOT_MAKE)?))
            }
        }))
    }

    /// Reads a private key in PKCS#8 DER (RFC 5208).
    pub fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self, KeyError> {
        Ok(Self(match algorithm {
            Algorithm::Rs256 => Inner::Rsa(Box::new(RsaKeyPair::from_pkcs8(der).map_err(|_| CANNOT_READ)?)),
            Algorithm::Es256 => {
                let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der);
                Inner::P256(Box::new(key.map_err(|_| CANNOT_READ)?))
            }
            Algorithm::EdDsa => Inner::Ed25519(Box::new(
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map_err(|_| CANNOT_READ)?,
            )),
        }))
    }

    /// The private key in PKCS#8 DER, wiped when dropped.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let broken = |_| KeyError::Private("it could not be written");
        Ok(Zeroizing::new(match &self.0 {
            Inner::Rsa(key) => key.as_der().map_err(broken)?.as_ref().to_vec(),
            Inner::P256(key) => key.to_pkcs8v1().map_err(broken)?.as_ref().to_vec(),
            Inner::Ed25519(key) => key.to_pkcs8().map_err(broken)?.as_ref().to_vec(),
        }))
    }

    /// What it signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Inner::Rsa(_) => Algorithm::Rs256,
            Inner::P256(_) => Algorithm::Es256,
            Inner::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// The public half; its `kid` is its RFC 7638 thumbprint.
    #[must_use]
    pub fn public_jwk(&self) -> Jwk {
        Jwk::of(match &self.0 {
            Inner::Rsa(key) => {
                let public = key.public_key();
                Material::Rsa {
                    n: public.modulus().big_endian_without_leading_zero().to_vec(),
                    e: public.exponent().big_endian_without_leading_zero().to_vec(),
                }
            }
            Inner::P256(key) => {
                // SEC 1: 0x04, x, y.
                let point = key.public_key().as_ref();
                let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len().saturating_sub(1) / 2);
                Material::P256 { x: x.to_vec(), y: y.to_vec() }
            }
            Inner::Ed25519(key) => Material::Ed25519 { x: key.public_key().as_ref().to_vec() },
        })
    }

    /// Signs `message` in the form JWS wants (ECDSA: r and s, 32 bytes each; RFC 7518 §3.4).
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let random = SystemRandom::new();
        match &self.0 {
            Inner::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map_err(|_| CANNOT_SIGN)?;
                Ok(signature)
            }
            Inner::P256(key) => Ok(key.sign(&random, message).map_err(|_| CANNOT_SIGN)?.as_ref().to_vec()),
            Inner::Ed25519(key) => Ok(key.sign(message).as_ref().to_vec()),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.algorithm())
    }
}
