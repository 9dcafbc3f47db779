use crate::Error;

/// Why a request to an OAuth endpoint was refused (RFC 6749 §5.2, RFC 8707 §2), or could not be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// A parameter is missing, repeated or malformed.
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// The client is unknown, or its credentials do not hold; which of the two is not told.
    #[error("client authentication failed")]
    InvalidClient,
    /// The client may not use this grant, or not do this.
    #[error("{0}")]
    UnauthorizedClient(&'static str),
    /// The server has no such grant.
    #[error("the grant type is not supported")]
    UnsupportedGrantType,
    /// A scope is malformed or not the client's to ask for.
    #[error("{0}")]
    InvalidScope(&'static str),
    /// The audience or resource is unknown, or not the client's to ask for.
    #[error("{0}")]
    InvalidTarget(&'static str),
    /// Not about OAuth: an outage or our fault.
    #[error(transparent)]
    Other(#[from] Error),
}

impl OAuthError {
    /// The error code of the standard.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::UnauthorizedClient(_) => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope(_) => "invalid_scope",
            Self::InvalidTarget(_) => "invalid_target",
            Self::Other(error) => error.code(),
        }
    }
}
