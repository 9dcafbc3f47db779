/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A member of the JWK is missing or malformed.
    #[error("the JWK's {0} is missing or malformed")]
    Malformed(&'static str),
    /// The JWK holds a private or symmetric key where only public ones belong.
    #[error("the JWK holds a private or symmetric key")]
    NotPublic,
    /// The key is of a kind, curve, use or size that is not on the list.
    #[error("the key cannot check signatures here: {0}")]
    Unsuitable(&'static str),
    /// The private key cannot be read, made or used.
    #[error("the private key cannot be used: {0}")]
    Private(&'static str),
}

impl KeyError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed_key",
            Self::NotPublic => "not_a_public_key",
            Self::Unsuitable(_) => "unsuitable_key",
            Self::Private(_) => "unusable_private_key",
        }
    }
}
