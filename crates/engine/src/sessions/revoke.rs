use intelliauth_model::{EventKind, SessionId};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use crate::{
    Caller, Error, Tenancy,
    audit::{Happening, target},
    revocation,
};

/// Ends a session and kills its tokens.
pub async fn revoke(tenancy: &Tenancy, caller: &Caller, id: SessionId) -> Result<(), Error> {
    caller.require_operator()?;
    let session = tenancy.store().session(id).await?.ok_or(Error::NotFound("session"))?;
    let engine = tenancy.engine();
    let tx = TenantTx::new()
        .with(TenantWrite::EndSession { id, at: engine.now() })
        .with(revocation::of_session(tenancy, id))
        .with(engine.event_write(Happening {
            kind: EventKind::SessionRevoked,
            actor: caller.actor(),
            target: target("session", id),
            request_id: caller.request_id(),
            data: json!({ "user": session.user }),
        }));
    tenancy.commit(tx).await?;
    Ok(())
}
