use intelliauth_engine::Error;
use intelliauth_model::{Application, ApplicationState, AudienceId, KeyAlgorithm, Scope, ScopeSet};
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::iso;

/// An application, as the API shows it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApplicationBody {
    #[schema(example = "app_01K0000000000000000000000")]
    id: String,
    /// The same as `id`.
    client_id: String,
    name: String,
    /// `spa`, `native`, `web` or `m2m`.
    #[serde(rename = "type")]
    #[schema(example = "m2m")]
    kind: &'static str,
    /// `enabled` or `disabled`.
    #[schema(example = "enabled")]
    status: &'static str,
    redirect_uris: Vec<String>,
    allowed_origins: Vec<String>,
    allowed_scopes: Vec<String>,
    audiences: Vec<String>,
    #[schema(example = 3600)]
    access_token_lifetime_seconds: u32,
    /// null takes the tenant's.
    signing_algorithm: Option<&'static str>,
    /// ISO 8601, UTC.
    #[schema(example = "2026-11-24T02:00:00.000Z")]
    created_at: String,
    /// ISO 8601, UTC.
    updated_at: String,
    /// Grows by one with each change.
    version: i64,
}

impl From<Application> for ApplicationBody {
    fn from(application: Application) -> Self {
        let id = application.id.to_string();
        Self {
            client_id: id.clone(),
            id,
            name: application.name,
            kind: application.kind.as_str(),
            status: match application.state {
                ApplicationState::Enabled => "enabled",
                ApplicationState::Disabled { .. } => "disabled",
            },
            redirect_uris: application.redirect_uris,
            allowed_origins: application.allowed_origins,
            allowed_scopes: application.allowed_scopes.iter().map(ToString::to_string).collect(),
            audiences: application.audiences.iter().map(ToString::to_string).collect(),
            access_token_lifetime_seconds: application.access_token_seconds,
            signing_algorithm: application.signing_algorithm.map(KeyAlgorithm::as_str),
            created_at: iso(application.created_at),
            updated_at: iso(application.updated_at),
            version: application.version.0,
        }
    }
}

pub(super) fn scopes(texts: &[String]) -> Result<ScopeSet, Error> {
    if texts.len() > ScopeSet::MAX {
        return Err(Error::invalid("allowed_scopes", "at most 100 scopes"));
    }
    let parsed: Result<ScopeSet, _> = texts.iter().map(|text| text.parse::<Scope>()).collect();
    parsed.map_err(|_| {
        Error::invalid("allowed_scopes", "a scope is 1 to 128 printable characters without space")
    })
}

pub(super) fn audiences(texts: Vec<String>) -> Result<Vec<AudienceId>, Error> {
    if texts.len() > 50 {
        return Err(Error::invalid("audiences", "at most 50 audiences"));
    }
    let mut parsed: Vec<AudienceId> = Vec::new();
    for text in texts {
        let audience = text.parse().map_err(|_| Error::invalid("audiences", "not an audience"))?;
        if !parsed.contains(&audience) {
            parsed.push(audience);
        }
    }
    Ok(parsed)
}

pub(super) fn algorithm(text: &str) -> Result<KeyAlgorithm, Error> {
    text.parse().map_err(|_| Error::invalid("signing_algorithm", "RS256, ES256 or EdDSA"))
}
