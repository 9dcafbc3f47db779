use intelliauth_model::{Application, ApplicationState, ClientSecret, Timestamp};

use crate::vault::same;

/// An application with its secrets, as the token endpoint needs it.
pub(crate) struct Registered {
    pub(crate) application: Application,
    pub(crate) secrets: Vec<ClientSecret>,
}

impl Registered {
    /// Whether the application may do anything.
    pub(crate) fn is_enabled(&self) -> bool {
        self.application.state == ApplicationState::Enabled
    }

    /// Whether one of the secrets that work now has this hash. Every secret is compared, in constant time.
    pub(crate) fn has_secret(&self, hash: &[u8; 32], now: Timestamp) -> bool {
        let works = |secret: &ClientSecret| secret.expires_at.is_none_or(|at| at > now);
        self.secrets
            .iter()
            .filter(|secret| works(secret))
            .fold(false, |found, secret| same(&secret.hash, hash) | found)
    }
}
