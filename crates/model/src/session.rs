use crate::{ApplicationId, SessionId, Timestamp, UserId};

/// How sure the sign-in was (NIST SP 800-63B).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssuranceLevel {
    /// Any sign-in.
    Aal1,
    /// Two factors.
    Aal2,
    /// Phishing-resistant, with a hardware-backed key.
    Aal3,
}

impl AssuranceLevel {
    /// The `acr` claim: `aal1`, `aal2` or `aal3`.
    #[must_use]
    pub const fn acr(self) -> &'static str {
        match self {
            Self::Aal1 => "aal1",
            Self::Aal2 => "aal2",
            Self::Aal3 => "aal3",
        }
    }

    /// The `auth_level` claim: `AAL1`, `AAL2` or `AAL3`.
    #[must_use]
    pub const fn auth_level(self) -> &'static str {
        match self {
            Self::Aal1 => "AAL1",
            Self::Aal2 => "AAL2",
            Self::Aal3 => "AAL3",
        }
    }

    /// The level with this `acr`.
    #[must_use]
    pub fn from_acr(acr: &str) -> Option<Self> {
        [Self::Aal1, Self::Aal2, Self::Aal3].into_iter().find(|level| level.acr() == acr)
    }
}

/// Whether a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// It does, until it expires.
    Active,
    /// Somebody ended it.
    Ended {
        /// When.
        at: Timestamp,
    },
}

/// A user's sign-in, which every token of it names in `sid`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Identifier and `sid`.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// Through which application.
    pub application: ApplicationId,
    /// How sure the sign-in was.
    pub level: AssuranceLevel,
    /// Authentication methods (RFC 8176), such as `pwd`.
    pub amr: Vec<String>,
    /// Whether it lives.
    pub state: SessionState,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}
