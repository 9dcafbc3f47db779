use intelliauth_model::{EventKind, RevocationKind};
use intelliauth_store::TenantTx;
use serde_json::json;

use super::until_now;
use crate::{
    Caller, Error, Tenancy,
    audit::{Happening, target},
};

/// Revokes every access token issued until now to a user, a client, or by the tenant.
pub(crate) async fn all_of(
    tenancy: &Tenancy,
    caller: &Caller,
    kind: RevocationKind,
    id: &str,
    event: EventKind,
) -> Result<(), Error> {
    caller.require_operator()?;
    let (what, name) = match kind {
        // What kills by issuer is known in the log by its id: the URL can change.
        RevocationKind::Tenant => ("tenant", tenancy.id().to_string()),
        RevocationKind::Client => ("application", id.to_owned()),
        RevocationKind::Token | RevocationKind::Session | RevocationKind::User => {
            (kind.as_str(), id.to_owned())
        }
    };
    let tx = TenantTx::new().with(until_now(tenancy, kind, id).await?).with(tenancy.engine().event_write(
        Happening {
            kind: event,
            actor: caller.actor(),
            target: target(what, name),
            request_id: caller.request_id(),
            data: json!({}),
        },
    ));
    tenancy.commit(tx).await?;
    Ok(())
}
