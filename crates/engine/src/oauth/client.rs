use std::sync::Arc;

use intelliauth_model::{Application, ApplicationId, Secret};

use super::OAuthError;
use crate::{Tenancy, applications::Registered};

/// What a client showed. It came by exactly one way: Basic or body (RFC 6749 §2.3).
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    /// The `client_id`.
    pub id: String,
    /// The `client_secret`; public clients have none.
    pub secret: Option<Secret>,
}

/// The proof that phase 1 was passed. Only [`authenticate`] makes one.
pub struct AuthenticatedClient {
    registered: Arc<Registered>,
}

impl AuthenticatedClient {
    /// The client.
    #[must_use]
    pub fn application(&self) -> &Application {
        &self.registered.application
    }
}

/// The longest secret that is hashed at all.
const LONGEST_SECRET: usize = 512;

/// Phase 1: who is the client? A confidential client shows its secret, a public one only its id. Unknown,
/// disabled and wrong look the same from outside, and the hash is computed in every case.
pub async fn authenticate(
    tenancy: &Tenancy,
    credentials: &ClientCredentials,
) -> Result<AuthenticatedClient, OAuthError> {
    let registered = match credentials.id.parse::<ApplicationId>() {
        Ok(id) => tenancy.application(id).await?,
        Err(_) => None,
    };
    let shown = credentials.secret.as_ref().map(|secret| {
        let text = secret.expose();
        tenancy.engine().vault().secret_hash(if text.len() <= LONGEST_SECRET { text } else { "" })
    });
    let registered =
        registered.filter(|registered| registered.is_enabled()).ok_or(OAuthError::InvalidClient)?;
    let holds = match (&shown, registered.application.kind.is_confidential()) {
        (Some(hash), true) => registered.has_secret(hash, tenancy.engine().now()),
        (None, false) => true,
        // A public client with a secret, or a confidential one without: somebody is confused about what
        // the client is (the class of doorkeeper's CVE-2026-44476).
        (Some(_), false) | (None, true) => false,
    };
    if holds { Ok(AuthenticatedClient { registered }) } else { Err(OAuthError::InvalidClient) }
}
