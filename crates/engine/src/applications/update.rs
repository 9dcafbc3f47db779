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

/// Changes an application. A change that changes nothing leaves no trace.
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
    let mut application = Application {
        name: change.name.unwrap_or_else(|| before.name.clone()),
        redirect_uris: change.redirect_uris.unwrap_or_else(|| before.redirect_uris.clone()),
        allowed_origins: change.allowed_origins.unwrap_or_else(|| before.allowed_origins.clone()),
        allowed_scopes: change.allowed_scopes.unwrap_or_else(|| before.allowed_scopes.clone()),
        audiences: change.audiences.unwrap_or_else(|| before.audiences.clone()),
        access_token_seconds: change.access_token_seconds.unwrap_or(before.access_token_seconds),
        signing_algorithm: change.signing_algorithm.unwrap_or(before.signing_algorithm),
        ..before.clone()
    };
    if application == before {
        return Ok(before);
    }
    application.version = expected.next();
    application.updated_at = tenancy.engine().now();
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
