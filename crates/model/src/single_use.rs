use crate::Timestamp;

/// What a single-use secret is for. The kind is part of the key: a secret minted for one purpose can never
/// be spent for another (the class of Keycloak's CVE-2026-4282).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SingleUseKind {
    /// An authorization code (RFC 6749 §4.1.2).
    AuthorizationCode,
    /// A refresh token (RFC 6749 §6).
    RefreshToken,
    /// A device code (RFC 8628).
    DeviceCode,
}

impl SingleUseKind {
    /// Every kind there is.
    pub const ALL: [Self; 3] = [Self::AuthorizationCode, Self::RefreshToken, Self::DeviceCode];

    /// The name stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::DeviceCode => "device_code",
        }
    }
}

/// A secret that works once, with what it stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct SingleUse {
    /// What it is for.
    pub kind: SingleUseKind,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// What it stands for, as JSON text.
    pub payload: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// The hash names no secret, but the payload may hold personal data.
impl std::fmt::Debug for SingleUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SingleUse")
            .field("kind", &self.kind)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
