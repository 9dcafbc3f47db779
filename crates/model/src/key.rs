use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A signature algorithm by its JOSE name (RFC 7518 §3.1, RFC 8037).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256: the default, since every verifier knows it.
    #[default]
    RS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// Ed25519.
    EdDSA,
}

/// A name that is none of the algorithms offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signing algorithm is one of RS256, ES256, EdDSA")]
pub struct UnknownAlgorithm;

impl KeyAlgorithm {
    /// The JOSE name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::ES256 => "ES256",
            Self::EdDSA => "EdDSA",
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        match text {
            "RS256" => Ok(Self::RS256),
            "ES256" => Ok(Self::ES256),
            "EdDSA" => Ok(Self::EdDSA),
            _ => Err(UnknownAlgorithm),
        }
    }
}

/// Where a signing key stands. All three are published; only `Current` signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Published so that verifiers have it before its first signature.
    Next {
        /// Since when it is in the JWKS.
        published_at: Timestamp,
    },
    /// The key that signs.
    Current {
        /// Since when it signs.
        since: Timestamp,
    },
    /// Signs no more, still verifies what it signed.
    Previous {
        /// Since when it no longer signs.
        since: Timestamp,
        /// When the last token it signed is dead and it leaves the JWKS.
        until: Timestamp,
    },
}

impl KeyState {
    /// The state's name: `next`, `current` or `previous`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Next { .. } => "next",
            Self::Current { .. } => "current",
            Self::Previous { .. } => "previous",
        }
    }
}

/// A tenant's signing key as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKeyRecord {
    /// The key id in JWS headers and the JWKS; unique in the tenant.
    pub kid: String,
    /// What it signs with.
    pub algorithm: KeyAlgorithm,
    /// Where it stands.
    pub state: KeyState,
    /// The PKCS#8 private key, sealed with the data key.
    pub sealed_private: Vec<u8>,
    /// The public JWK (RFC 7517) as JSON text.
    pub public_jwk: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Leaves the private key out, sealed as it is: a log is no place to keep it for later.
impl fmt::Debug for SigningKeyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeyRecord")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
