use intelliauth_model::{Actor, EventKind, RequestId, Secret};
use intelliauth_store::TenantTx;
use serde_json::json;

use super::{ClientCredentials, OAuthError, check, client::authenticate};
use crate::{
    Tenancy,
    audit::{Happening, target},
    revocation,
};

/// Revokes one of the client's own access tokens (RFC 7009). A token that is not good any more, or never
/// was, is as revoked as it can be: that is success (§2.2). Another client's token is refused (§2.1).
pub async fn revoke(
    tenancy: &Tenancy,
    credentials: &ClientCredentials,
    token: &Secret,
    request_id: RequestId,
) -> Result<(), OAuthError> {
    let client = authenticate(tenancy, credentials).await?;
    let application = client.application();
    // APIs take a token for a little longer than it lives: until then it can be revoked.
    let policy = check::any_audience(tenancy);
    let Ok(claims) = check::check_as_others_do(tenancy, &policy, token.expose()) else {
        return Ok(());
    };
    if claims.client_id != application.id.to_string() {
        return Err(OAuthError::UnauthorizedClient("the token was issued to another client"));
    }
    let request_id = request_id.to_string();
    let tx = TenantTx::new().with(revocation::of_token(tenancy, &claims.jti, claims.exp)).with(
        tenancy.engine().event_write(Happening {
            kind: EventKind::TokenRevoked,
            actor: &Actor::Client(application.id),
            target: target("token", &claims.jti),
            request_id: &request_id,
            data: json!({ "sub": claims.sub }),
        }),
    );
    tenancy.commit(tx).await?;
    Ok(())
}
