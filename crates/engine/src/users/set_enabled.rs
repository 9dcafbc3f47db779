use intelliauth_model::{EventKind, RevocationKind, User, UserId, UserState};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use crate::{
    Caller, Error, Tenancy,
    audit::{Happening, target},
    revocation,
};

/// Disables a user, which also kills their tokens, or enables them again, which revives none.
pub async fn set_enabled(
    tenancy: &Tenancy,
    caller: &Caller,
    id: UserId,
    enabled: bool,
) -> Result<User, Error> {
    caller.require_operator()?;
    let engine = tenancy.engine();
    let now = engine.now();
    let before = tenancy.store().user(id).await?.ok_or(Error::NotFound("user"))?;
    if (before.state == UserState::Active) == enabled {
        return Ok(before);
    }
    let expected = before.version;
    let (state, kind) = if enabled {
        (UserState::Active, EventKind::UserEnabled)
    } else {
        (UserState::Disabled { since: now }, EventKind::UserDisabled)
    };
    let user = User { state, version: expected.next(), updated_at: now, ..before };
    let mut tx = TenantTx::new().with(TenantWrite::UpdateUser { user: Box::new(user.clone()), expected });
    if !enabled {
        tx.push(revocation::for_good(tenancy, RevocationKind::User, &id.to_string()).await?);
    }
    tx.push(engine.event_write(Happening {
        kind,
        actor: caller.actor(),
        target: target("user", id),
        request_id: caller.request_id(),
        data: json!({}),
    }));
    tenancy.commit(tx).await?;
    Ok(user)
}
