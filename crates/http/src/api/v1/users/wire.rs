use intelliauth_model::{User, UserState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::iso;

/// A user, as the API shows it.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserBody {
    #[schema(example = "usr_01K0000000000000000000000")]
    id: String,
    #[schema(example = "ada@example.com")]
    email: String,
    /// Whether the address is proved to be the user's.
    email_verified: bool,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// An https URL.
    picture: Option<String>,
    /// BCP 47, such as `de-CH`.
    locale: Option<String>,
    /// `active` or `disabled`.
    #[schema(example = "active")]
    status: &'static str,
    /// Whether the next sign-in must choose a new password.
    password_must_be_reset: bool,
    /// ISO 8601, UTC.
    #[schema(example = "2026-11-24T02:00:00.000Z")]
    created_at: String,
    /// ISO 8601, UTC.
    updated_at: String,
    /// Grows by one with each change.
    version: i64,
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.to_string(),
            email_verified: user.email_verified,
            name: user.profile.name,
            given_name: user.profile.given_name,
            family_name: user.profile.family_name,
            picture: user.profile.picture,
            locale: user.profile.locale,
            status: match user.state {
                UserState::Active => "active",
                UserState::Disabled { .. } => "disabled",
            },
            password_must_be_reset: user.password_must_be_reset,
            created_at: iso(user.created_at),
            updated_at: iso(user.updated_at),
            version: user.version.0,
        }
    }
}
