use intelliauth_model::{Application, ApplicationId, AudienceId, EventKind, KeyAlgorithm, ScopeSet};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use super::policy;
use crate::{
    Caller, Error, IntegratorScope, Tenancy,
    audit::{Happening, target},
};

/// What to change of an application; `None` leaves as it is. The kind and the id never change.
#[derive(Clone, Debug, Default)]
pub struct ApplicationChange {
    /// What people call it.
    pub name: Option<String>,
    /// Where an authorization response may go.
    pub redirect_uris: Option<Vec<String>>,
    /// Browser origins that may call the tenant.
    pub allowed_origins: Option<Vec<String>>,
    /// Scopes its tokens may carry.
    pub allowed_scopes: Option<ScopeSet>,
    /// Audiences it may ask tokens for.
    pub audiences: Option<Vec<AudienceId>>,
    /// Life of its access tokens in seconds.
    pub access_token_seconds: Option<u32>,
    /// Its own signing algorithm; `Some(None)` takes the tenant's again.
    pub signing_algorithm: Option<Option<KeyAlgorithm>>,
}

/// Changes an application.
pub async fn update(
    tenancy: &Tenancy,
    caller: &Caller,
    id: ApplicationId,
    change: ApplicationChange,
) -> Result<Application, Error> {
    caller.require(IntegratorScope::ApplicationsWrite)?;
    let before = tenancy.store().application(id).await?.ok_or(Error::NotFound("application"))?;
    // Whoever may not grant what the application holds may not redirect its tokens either.
    caller.may_grant(tenancy, &before)?;
    let expected = before.version;
    let application = Application {
        name: change.name.unwrap_or(before.name),
        redirect_uris: change.redirect_uris.unwrap_or(before.redirect_uris),
        allowed_origins: change.allowed_origins.unwrap_or(before.allowed_origins),
        allowed_scopes: change.allowed_scopes.unwrap_or(before.allowed_scopes),
        audiences: change.audiences.unwrap_or(before.audiences),
        access_token_seconds: change.access_token_seconds.unwrap_or(before.access_token_seconds),
        signing_algorithm: change.signing_algorithm.unwrap_or(before.signing_algorithm),
        version: expected.next(),
        updated_at: tenancy.engine().now(),
        ..before
    };
    policy::check(tenancy, caller, &application)?;
    let tx = TenantTx::new()
        .with(TenantWrite::UpdateApplication { application: Box::new(application.clone()), expected })
        .with(tenancy.engine().event_write(Happening {
            kind: EventKind::ApplicationUpdated,
            actor: caller.actor(),
            target: target("application", id),
            request_id: caller.request_id(),
            data: json!({ "allowed_scopes": application.allowed_scopes.to_string() }),
        }));
    tenancy.commit(tx).await?;
    Ok(application)
}
