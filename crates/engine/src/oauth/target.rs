use intelliauth_model::{Application, AudienceId, ScopeMode, ScopeSet};

use super::OAuthError;
use crate::{IntegratorScope, Tenancy};

/// What a token is wanted for, within what the application may have.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) audience: AudienceId,
    pub(super) scopes: ScopeSet,
}

/// Phase 3: which API, and with which scopes. `audience` and `resource` (RFC 8707) mean the same; a token
/// has exactly one audience, so that no API can replay it to another.
pub(super) fn resolve(
    tenancy: &Tenancy,
    application: &Application,
    wanted: &[String],
    scope: Option<&str>,
) -> Result<Target, OAuthError> {
    let audience = audience(tenancy, application, wanted)?;
    let allowed = allowed_scopes(tenancy, application, &audience);
    let Some(scope) = scope.filter(|scope| !scope.trim().is_empty()) else {
        return Ok(Target { audience, scopes: allowed });
    };
    let asked: ScopeSet = scope.parse().map_err(|_| OAuthError::InvalidScope("the scope is malformed"))?;
    let strict = tenancy.tenant().settings.scope_mode == ScopeMode::Strict;
    if strict && !asked.is_subset(&allowed) {
        return Err(OAuthError::InvalidScope("a scope is not allowed for this client and audience"));
    }
    let scopes = asked.intersection(&allowed);
    // An answer without scope would read "as you asked" (RFC 6749 §5.1).
    if scopes.is_empty() {
        return Err(OAuthError::InvalidScope("none of the scopes is allowed for this client and audience"));
    }
    Ok(Target { audience, scopes })
}

fn audience(
    tenancy: &Tenancy,
    application: &Application,
    wanted: &[String],
) -> Result<AudienceId, OAuthError> {
    let [first, rest @ ..] = wanted else {
        return match application.audiences.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(OAuthError::InvalidTarget("the client has no audience")),
            _ => Err(OAuthError::InvalidTarget("the client has several audiences; name one")),
        };
    };
    if rest.iter().any(|other| other != first) {
        return Err(OAuthError::InvalidTarget("a token has one audience; ask for one at a time"));
    }
    let unknown = OAuthError::InvalidTarget("the audience is unknown or not allowed for this client");
    let Ok(audience) = first.parse::<AudienceId>() else { return Err(unknown) };
    let may = application.audiences.contains(&audience) && tenancy.knows_audience(&audience);
    if may { Ok(audience) } else { Err(unknown) }
}

/// What the application may have at this audience: at the tenant's own API integrator scopes only, at an
/// audience that lists its scopes those only.
fn allowed_scopes(tenancy: &Tenancy, application: &Application, audience: &AudienceId) -> ScopeSet {
    if audience.as_str() == tenancy.api_audience() {
        return application.allowed_scopes.intersection(&IntegratorScope::all());
    }
    match tenancy.snapshot().audience(audience) {
        Some(known) if !known.scopes.is_empty() => application.allowed_scopes.intersection(&known.scopes),
        _ => application.allowed_scopes.clone(),
    }
}
