use intelliauth_model::{ApplicationKind, Session, User};

use super::{AuthenticatedClient, OAuthError, target::Target};

/// The grants offered. A new one is a new variant: the compiler then asks for its answer in every phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grant {
    /// RFC 6749 §4.4.
    ClientCredentials,
}

/// For whom a token speaks.
pub(super) enum Subject {
    /// The client itself.
    Client,
    /// A user, by a session. Boxed, since the other variant is empty.
    User(Box<(User, Session)>),
}

/// The proof that phase 4 was passed: the mint takes nothing else.
pub(super) struct Authorization {
    pub(super) subject: Subject,
    pub(super) target: Target,
}

impl Grant {
    /// Phase 2: is there such a grant, and may this client use it?
    pub(super) fn select(grant_type: &str, client: &AuthenticatedClient) -> Result<Self, OAuthError> {
        let grant = match grant_type {
            "client_credentials" => Self::ClientCredentials,
            _ => return Err(OAuthError::UnsupportedGrantType),
        };
        match grant {
            Self::ClientCredentials if client.application().kind == ApplicationKind::M2m => Ok(grant),
            Self::ClientCredentials => {
                Err(OAuthError::UnauthorizedClient("only machine applications may use client_credentials"))
            }
        }
    }

    /// Phase 4: does the grant hold? Client credentials need nothing more than the client; grants with a
    /// code or a refresh token spend it here.
    pub(super) fn authorize(self, target: Target) -> Authorization {
        match self {
            Self::ClientCredentials => Authorization { subject: Subject::Client, target },
        }
    }
}
