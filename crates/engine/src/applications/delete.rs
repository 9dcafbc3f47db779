use intelliauth_model::{ApplicationId, EventKind, RevocationKind};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use crate::{
    Caller, Error, IntegratorScope, Tenancy,
    audit::{Happening, target},
    revocation,
};

/// Deletes an application; its tokens die with it.
pub async fn delete(tenancy: &Tenancy, caller: &Caller, id: ApplicationId) -> Result<(), Error> {
    caller.require(IntegratorScope::ApplicationsWrite)?;
    let before = tenancy.store().application(id).await?.ok_or(Error::NotFound("application"))?;
    caller.is_as_mighty_as(&before)?;
    let tx = TenantTx::new()
        .with(TenantWrite::DeleteApplication { id, expected: before.version })
        .with(revocation::for_good(tenancy, RevocationKind::Client, &id.to_string()).await?)
        .with(tenancy.engine().event_write(Happening {
            kind: EventKind::ApplicationDeleted,
            actor: caller.actor(),
            target: target("application", id),
            request_id: caller.request_id(),
            data: json!({ "name": before.name }),
        }));
    tenancy.commit(tx).await?;
    Ok(())
}
