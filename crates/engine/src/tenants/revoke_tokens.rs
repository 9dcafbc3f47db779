use intelliauth_model::{EventKind, RevocationKind};
use intelliauth_store::TenantTx;
use serde_json::json;

use super::Tenancy;
use crate::{
    Caller, Error,
    audit::{Happening, target},
    revocation,
};

/// Revokes every access token the tenant has issued until now.
pub async fn revoke_tokens(tenancy: &Tenancy, caller: &Caller) -> Result<(), Error> {
    caller.require_operator()?;
    let tx = TenantTx::new()
        .with(revocation::until_now(tenancy, RevocationKind::Tenant, tenancy.issuer()))
        .with(tenancy.engine().event_write(Happening {
            kind: EventKind::TenantTokensRevoked,
            actor: caller.actor(),
            target: target("tenant", tenancy.id()),
            request_id: caller.request_id(),
            data: json!({}),
        }));
    tenancy.commit(tx).await?;
    Ok(())
}
