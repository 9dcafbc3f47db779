use intelliauth_model::ApplicationId;

use super::{ClientCredentials, OAuthError, TokenSet, client::authenticate, grant::Grant, mint, target};
use crate::Tenancy;

/// A request to the token endpoint, parsed once.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// What the client showed.
    pub credentials: ClientCredentials,
    /// `grant_type`.
    pub grant_type: String,
    /// Every `audience` and `resource`.
    pub audiences: Vec<String>,
    /// `scope`.
    pub scope: Option<String>,
}

/// The token endpoint (RFC 6749 §3.2).
///
/// Machines fetch tokens all day; a row of the audit log for each would bury what people do, so what was
/// issued and what was refused is a line in the log. See `docs/adr/0006`.
pub async fn token(tenancy: &Tenancy, request: TokenRequest) -> Result<TokenSet, OAuthError> {
    let issued = issue(tenancy, &request).await;
    if let Err(refused) = &issued {
        // The client is named only if it is one: what else was sent as an id could be anything, a secret too.
        let client = request.credentials.id.parse::<ApplicationId>().ok().map(tracing::field::display);
        tracing::info!(client_id = client, code = refused.code(), "token refused");
    }
    issued
}

/// Five phases that no grant can skip.
async fn issue(tenancy: &Tenancy, request: &TokenRequest) -> Result<TokenSet, OAuthError> {
    // 1. Who is the client?
    let client = authenticate(tenancy, &request.credentials).await?;
    // 2. Which grant, and may the client use it?
    let grant = Grant::select(&request.grant_type, &client)?;
    // 3. For which API and with which scopes?
    let target =
        target::resolve(tenancy, client.application(), &request.audiences, request.scope.as_deref())?;
    // 4. Does the grant hold?
    let authorization = grant.authorize(target);
    // 5. The single mint.
    let tokens = mint::access_token(tenancy, client.application(), &authorization)?;
    tracing::info!(
        client_id = %client.application().id,
        audience = authorization.target.audience.as_str(),
        scope = tokens.scope,
        token_id = %tokens.id,
        grant = request.grant_type,
        "token issued"
    );
    Ok(tokens)
}
