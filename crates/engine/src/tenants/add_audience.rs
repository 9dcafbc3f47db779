use intelliauth_model::{Audience, AudienceId, EventKind, ScopeSet};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use super::Tenancy;
use crate::{
    Caller, Error,
    audit::{Happening, target},
};

/// An API to register.
#[derive(Clone, Debug)]
pub struct NewAudience {
    /// What `aud` carries.
    pub id: AudienceId,
    /// What people call it.
    pub name: String,
    /// The scopes it knows; empty means any scope of the application.
    pub scopes: ScopeSet,
}

/// Registers an API that tokens can be meant for.
pub async fn add_audience(tenancy: &Tenancy, caller: &Caller, new: NewAudience) -> Result<Audience, Error> {
    caller.require_operator()?;
    super::update::check_name(&new.name)?;
    if new.id.as_str() == tenancy.api_audience() {
        return Err(Error::invalid("audience", "this is the tenant's own API; it needs no registration"));
    }
    let engine = tenancy.engine();
    let audience = Audience { id: new.id, name: new.name, scopes: new.scopes, created_at: engine.now() };
    let tx = TenantTx::new().with(TenantWrite::InsertAudience(Box::new(audience.clone()))).with(
        engine.event_write(Happening {
            kind: EventKind::AudienceCreated,
            actor: caller.actor(),
            target: target("audience", &audience.id),
            request_id: caller.request_id(),
            data: json!({}),
        }),
    );
    tenancy.commit(tx).await?;
    Ok(audience)
}
