/// Why a token is not good. The first failure in the order of the policy decides.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not a token at all: length, parts, encoding or JSON.
    #[error("the token is malformed: {0}")]
    Malformed(&'static str),
    /// A header member is missing or not one we take.
    #[error("the token's header is not acceptable: {0}")]
    Header(&'static str),
    /// The issuer publishes no such key, as far as is known here. A driver may look again before it gives up.
    #[error("no key with this id is known")]
    UnknownKey {
        /// The key id asked for.
        kid: String,
    },
    /// The key is another algorithm's.
    #[error("the key is not for the token's algorithm")]
    KeyMismatch,
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// A claim is missing or of the wrong type.
    #[error("the claim {0} is missing or malformed")]
    Claim(&'static str),
    /// The token is another issuer's.
    #[error("the token is another issuer's")]
    Issuer,
    /// The token is for other APIs.
    #[error("the token is for another audience")]
    Audience,
    /// The token is past its time.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` lies in the future.
    #[error("the token is not valid yet")]
    NotYet,
    /// The token is bound to a key its bearer did not prove (DPoP, mutual TLS).
    #[error("the token is bound to a key")]
    Bound,
    /// The token, its session, user, client or tenant was revoked.
    #[error("the token was revoked")]
    Revoked,
}

impl Refusal {
    /// The stable code: `invalid_token`, `token_expired`, `token_revoked` or `invalid_audience`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Expired => "token_expired",
            Self::Revoked => "token_revoked",
            Self::Audience => "invalid_audience",
            Self::Malformed(_)
            | Self::Header(_)
            | Self::UnknownKey { .. }
            | Self::KeyMismatch
            | Self::Signature
            | Self::Claim(_)
            | Self::Issuer
            | Self::NotYet
            | Self::Bound => "invalid_token",
        }
    }
}
