use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{ScopeSet, Timestamp};

/// What an access token's `aud` carries for one API: 1 to 255 printable ASCII characters without space,
/// a bare name (`api.banking.example`) or a URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AudienceId(String);

/// A text that is not an audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an audience is 1 to 255 printable ASCII characters without space")]
pub struct InvalidAudience;

impl AudienceId {
    /// The audience as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AudienceId {
    type Err = InvalidAudience;

    fn from_str(text: &str) -> Result<Self, InvalidAudience> {
        let sound = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if sound { Ok(Self(text.to_owned())) } else { Err(InvalidAudience) }
    }
}

impl TryFrom<String> for AudienceId {
    type Error = InvalidAudience;

    fn try_from(text: String) -> Result<Self, InvalidAudience> {
        text.parse()
    }
}

impl From<AudienceId> for String {
    fn from(audience: AudienceId) -> Self {
        audience.0
    }
}

impl fmt::Display for AudienceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An API that tokens of the tenant can be meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// What `aud` carries.
    pub id: AudienceId,
    /// What people call it.
    pub name: String,
    /// The scopes it knows; a token for it carries no other. Empty means any scope of the application.
    pub scopes: ScopeSet,
    /// When it was registered.
    pub created_at: Timestamp,
}
