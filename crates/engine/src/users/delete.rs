use intelliauth_model::{EventKind, RevocationKind, UserId};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use crate::{
    Caller, Error, IntegratorScope, Tenancy,
    audit::{Happening, target},
    revocation,
};

/// Deletes a user with their sessions; their tokens die too.
pub async fn delete(tenancy: &Tenancy, caller: &Caller, id: UserId) -> Result<(), Error> {
    caller.require(IntegratorScope::UsersWrite)?;
    let before = tenancy.store().user(id).await?.ok_or(Error::NotFound("user"))?;
    let tx = TenantTx::new()
        .with(TenantWrite::DeleteUser { id, expected: before.version })
        .with(revocation::for_good(tenancy, RevocationKind::User, &id.to_string()).await?)
        .with(tenancy.engine().event_write(Happening {
            kind: EventKind::UserDeleted,
            actor: caller.actor(),
            target: target("user", id),
            request_id: caller.request_id(),
            data: json!({}),
        }));
    tenancy.commit(tx).await?;
    Ok(())
}
