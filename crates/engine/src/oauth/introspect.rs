use intelliauth_model::{AudienceId, Secret};
use serde_json::{Map, Value};

use super::{ClientCredentials, OAuthError, check, client::authenticate};
use crate::Tenancy;

/// What introspection tells (RFC 7662 §2.2).
#[derive(Debug)]
pub enum Introspection {
    /// The token is good: its claims.
    Active(Map<String, Value>),
    /// It is not, or it is none of the caller's business; which is not told.
    Inactive,
}

/// Tells a confidential client about a token that was issued to it or is meant for one of its audiences.
/// About others it says what it says about nonsense: inactive (RFC 7662 §4 on token scanning).
pub async fn introspect(
    tenancy: &Tenancy,
    credentials: &ClientCredentials,
    token: &Secret,
) -> Result<Introspection, OAuthError> {
    let client = authenticate(tenancy, credentials).await?;
    let application = client.application();
    if !application.kind.is_confidential() {
        return Err(OAuthError::InvalidClient);
    }
    let Ok(claims) = check::check(tenancy, &check::any_audience(tenancy), token.expose()) else {
        return Ok(Introspection::Inactive);
    };
    let own = claims.client_id == application.id.to_string();
    let meant_for = |audience: &String| {
        audience.parse::<AudienceId>().is_ok_and(|audience| application.audiences.contains(&audience))
    };
    if own || claims.aud.iter().any(meant_for) {
        return Ok(Introspection::Active(claims.into_inner().all));
    }
    Ok(Introspection::Inactive)
}
