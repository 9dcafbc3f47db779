use intelliauth_model::{Application, ApplicationId, ApplicationState, EventKind, RevocationKind};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use crate::{
    Caller, Error, Tenancy,
    audit::{Happening, target},
    revocation,
};

/// Disables an application, which also kills its tokens, or enables it again, which revives none.
pub async fn set_enabled(
    tenancy: &Tenancy,
    caller: &Caller,
    id: ApplicationId,
    enabled: bool,
) -> Result<Application, Error> {
    caller.require_operator()?;
    let engine = tenancy.engine();
    let now = engine.now();
    let before = tenancy.store().application(id).await?.ok_or(Error::NotFound("application"))?;
    if (before.state == ApplicationState::Enabled) == enabled {
        return Ok(before);
    }
    let expected = before.version;
    let (state, kind) = if enabled {
        (ApplicationState::Enabled, EventKind::ApplicationEnabled)
    } else {
        (ApplicationState::Disabled { since: now }, EventKind::ApplicationDisabled)
    };
    let application = Application { state, version: expected.next(), updated_at: now, ..before };
    let mut tx = TenantTx::new()
        .with(TenantWrite::UpdateApplication { application: Box::new(application.clone()), expected });
    if !enabled {
        tx.push(revocation::for_good(tenancy, RevocationKind::Client, &id.to_string()).await?);
    }
    tx.push(engine.event_write(Happening {
        kind,
        actor: caller.actor(),
        target: target("application", id),
        request_id: caller.request_id(),
        data: json!({}),
    }));
    tenancy.commit(tx).await?;
    Ok(application)
}
