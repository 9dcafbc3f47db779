use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What a revocation kills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationKind {
    /// One access token, by `jti`.
    Token,
    /// Every token of a session, by `sid`.
    Session,
    /// Every token of a user issued until then, by `sub`.
    User,
    /// Every token of a client issued until then, by `client_id`.
    Client,
    /// Every token of the tenant issued until then.
    Tenant,
}

impl RevocationKind {
    /// The name in the feed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Session => "session",
            Self::User => "user",
            Self::Client => "client",
            Self::Tenant => "tenant",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Token, Self::Session, Self::User, Self::Client, Self::Tenant]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for RevocationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A revocation about to be appended to the tenant's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRevocation {
    /// What it kills.
    pub kind: RevocationKind,
    /// Truncated SHA-256 of the id it kills, so that the public feed shows nobody's ids.
    pub id_hash: [u8; 16],
    /// Tokens issued at or before this moment are dead (kinds user, client, tenant).
    pub not_before: Timestamp,
    /// When every token it could kill has expired, and the entry can be forgotten.
    pub expires_at: Timestamp,
}

/// A revocation in the tenant's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Place in the log: 1, 2, 3 … per tenant, without gaps, in the order of commit.
    pub seq: i64,
    /// What was appended.
    pub entry: NewRevocation,
}
