use intelliauth_model::{ApplicationId, EventKind, RevocationKind};
use intelliauth_store::TenantTx;
use serde_json::json;

use crate::{
    Caller, Error, Tenancy,
    audit::{Happening, target},
    revocation,
};

/// Revokes every access token the application has been given until now.
pub async fn revoke_tokens(tenancy: &Tenancy, caller: &Caller, id: ApplicationId) -> Result<(), Error> {
    caller.require_operator()?;
    tenancy.store().application(id).await?.ok_or(Error::NotFound("application"))?;
    let tx = TenantTx::new()
        .with(revocation::until_now(tenancy, RevocationKind::Client, &id.to_string()))
        .with(tenancy.engine().event_write(Happening {
            kind: EventKind::ClientTokensRevoked,
            actor: caller.actor(),
            target: target("application", id),
            request_id: caller.request_id(),
            data: json!({}),
        }));
    tenancy.commit(tx).await?;
    Ok(())
}
