use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{ApplicationId, AudienceId, KeyAlgorithm, ScopeSet, SecretId, Timestamp, Version};

/// Life of an access token unless the application says otherwise, in seconds.
pub const DEFAULT_ACCESS_TOKEN_SECONDS: u32 = 3600;
/// The longest life an application may give its access tokens, in seconds. Revocations are remembered as
/// long as a token they could kill may live, so this also bounds the revocation feed.
pub const MAX_ACCESS_TOKEN_SECONDS: u32 = 86_400;

/// What kind of program the application is; it decides which grants it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKind {
    /// A single-page application: public client, code with PKCE.
    Spa,
    /// An application on a device: public client, code with PKCE.
    Native,
    /// A server-side web application: confidential client, code with PKCE.
    Web,
    /// A machine: confidential client, client credentials.
    M2m,
}

impl ApplicationKind {
    /// The name in the API: `spa`, `native`, `web` or `m2m`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spa => "spa",
            Self::Native => "native",
            Self::Web => "web",
            Self::M2m => "m2m",
        }
    }

    /// Whether it can keep a secret (RFC 6749 §2.1).
    #[must_use]
    pub const fn is_confidential(self) -> bool {
        matches!(self, Self::Web | Self::M2m)
    }
}

impl fmt::Display for ApplicationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ApplicationKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "spa" => Ok(Self::Spa),
            "native" => Ok(Self::Native),
            "web" => Ok(Self::Web),
            "m2m" => Ok(Self::M2m),
            _ => Err("the kind is one of spa, native, web, m2m"),
        }
    }
}

/// Whether the application may do anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationState {
    /// It may.
    Enabled,
    /// Every grant refuses it.
    Disabled {
        /// Since when.
        since: Timestamp,
    },
}

/// A registered program; its id is the OAuth `client_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Identifier and `client_id`.
    pub id: ApplicationId,
    /// What people call it.
    pub name: String,
    /// What it is; never changes.
    pub kind: ApplicationKind,
    /// Whether it may do anything.
    pub state: ApplicationState,
    /// Where an authorization response may go; compared character by character.
    pub redirect_uris: Vec<String>,
    /// Browser origins that may call the tenant.
    pub allowed_origins: Vec<String>,
    /// Scopes its tokens may carry.
    pub allowed_scopes: ScopeSet,
    /// Audiences it may ask tokens for.
    pub audiences: Vec<AudienceId>,
    /// Life of its access tokens in seconds.
    pub access_token_seconds: u32,
    /// Its own signing algorithm; `None` takes the tenant's.
    pub signing_algorithm: Option<KeyAlgorithm>,
    /// Revision of this row.
    pub version: Version,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One of an application's secrets. The secret itself is not kept: 256 random bits need no slow hash, and
/// the keyed hash is worthless without the data key.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret {
    /// Handle of the secret.
    pub id: SecretId,
    /// Whose secret it is.
    pub application: ApplicationId,
    /// HMAC-SHA-256 of the secret under a key derived from the data key.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working; `None` until a rotation replaces it.
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSecret")
            .field("id", &self.id)
            .field("application", &self.application)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
