use intelliauth_model::{ApplicationId, RequestId, Secret};
use intelliauth_verify::Policy;

use super::check;
use crate::{Caller, Error, Tenancy};

/// Who calls the REST API: a machine with an access token for the tenant's own API. A user's token is not
/// enough, whatever its scopes. Scopes taken from the application since count no more, and if this API was
/// taken from it the token counts no more.
pub async fn authenticate_caller(
    tenancy: &Tenancy,
    token: &Secret,
    request_id: RequestId,
) -> Result<Caller, Error> {
    let policy = Policy::new(tenancy.issuer(), [tenancy.api_audience()]);
    let claims = check::check(tenancy, &policy, token.expose())
        .map_err(|refusal| Error::Unauthenticated { code: refusal.code() })?;
    let refused = || Error::Unauthenticated { code: "invalid_token" };
    if claims.sub != claims.client_id || claims.sid.is_some() {
        return Err(refused());
    }
    let id: ApplicationId = claims.client_id.parse().map_err(|_| refused())?;
    let registered =
        tenancy.application(id).await?.filter(|registered| registered.is_enabled()).ok_or_else(refused)?;
    let audience = tenancy.api_audience();
    if !registered.application.audiences.iter().any(|held| held.as_str() == audience) {
        return Err(refused());
    }
    let scopes: intelliauth_model::ScopeSet =
        claims.scope.as_deref().unwrap_or_default().parse().map_err(|_| refused())?;
    let scopes = scopes.intersection(&registered.application.allowed_scopes);
    Ok(Caller::client(registered.application.clone(), scopes, request_id.to_string()))
}
