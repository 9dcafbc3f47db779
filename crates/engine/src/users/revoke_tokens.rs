use intelliauth_model::{EventKind, RevocationKind, UserId};
use intelliauth_store::TenantTx;
use serde_json::json;

use crate::{
    Caller, Error, Tenancy,
    audit::{Happening, target},
    revocation,
};

/// Revokes every access token the user has been given until now.
pub async fn revoke_tokens(tenancy: &Tenancy, caller: &Caller, id: UserId) -> Result<(), Error> {
    caller.require_operator()?;
    tenancy.store().user(id).await?.ok_or(Error::NotFound("user"))?;
    let tx = TenantTx::new()
        .with(revocation::until_now(tenancy, RevocationKind::User, &id.to_string()))
        .with(tenancy.engine().event_write(Happening {
            kind: EventKind::UserTokensRevoked,
            actor: caller.actor(),
            target: target("user", id),
            request_id: caller.request_id(),
            data: json!({}),
        }));
    tenancy.commit(tx).await?;
    Ok(())
}
