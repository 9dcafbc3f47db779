use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Email, Timestamp, UserId, Version};

/// An Argon2id hash in PHC string form. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[password hash]")
    }
}

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    /// The user may.
    Active,
    /// Every grant refuses the user.
    Disabled {
        /// Since when.
        since: Timestamp,
    },
}

/// What the scope `profile` shows (OIDC Core §5.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// URL of a picture.
    pub picture: Option<String>,
    /// BCP 47 language tag.
    pub locale: Option<String>,
}

/// A person or service account of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Identifier and `sub`.
    pub id: UserId,
    /// Address; unique in the tenant.
    pub email: Email,
    /// Whether the address is proved to be the user's.
    pub email_verified: bool,
    /// What the scope `profile` shows.
    pub profile: Profile,
    /// The password, if there is one.
    pub password_hash: Option<PasswordHash>,
    /// Whether the next sign-in must choose a new password.
    pub password_must_be_reset: bool,
    /// Whether the user may sign in.
    pub state: UserState,
    /// Revision of this row.
    pub version: Version,
    /// When the user was made.
    pub created_at: Timestamp,
    /// When the user last changed.
    pub updated_at: Timestamp,
}
