use intelliauth_model::{
    EventKind, Issuer, OrganisationId, Slug, Tenant, TenantId, TenantSettings, TenantState, Version,
};
use intelliauth_store::{PlatformTx, PlatformWrite, TenantTx, TenantWrite};
use serde_json::json;

use crate::{
    Caller, Engine, Error,
    audit::{Happening, target},
    jobs, keys,
};

/// What a new tenant is made of.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// The organisation it belongs to.
    pub organisation: OrganisationId,
    /// The first half of its host name; never changes.
    pub slug: Slug,
    /// What people call it.
    pub name: String,
    /// Its URL and issuer.
    pub issuer: Issuer,
    /// What its administrators chose.
    pub settings: TenantSettings,
}

/// Makes a tenant with its first signing keys, in one transaction: a tenant that cannot sign is never seen.
pub async fn create(engine: &Engine, caller: &Caller, new: NewTenant) -> Result<Tenant, Error> {
    caller.require_operator()?;
    super::update::check_name(&new.name)?;
    super::update::check_settings(&new.settings)?;
    let now = engine.now();
    let tenant = Tenant {
        id: TenantId::new(engine.clock(), engine.rng()),
        organisation: new.organisation,
        slug: new.slug,
        name: new.name,
        issuer: new.issuer,
        state: TenantState::Active,
        settings: new.settings,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    };
    let happened = |kind, target, data| {
        engine.event(Happening { kind, actor: caller.actor(), target, request_id: caller.request_id(), data })
    };
    let mut within = TenantTx::new();
    for record in keys::first_keys(engine, tenant.id).await? {
        let data = json!({ "algorithm": record.algorithm.as_str(), "state": record.state.name() });
        let event = happened(EventKind::KeyPublished, target("key", &record.kid), data);
        within.push(TenantWrite::InsertKey(Box::new(record)));
        within.push(TenantWrite::AppendEvent(Box::new(event)));
    }
    for work in jobs::first_of_tenant(now) {
        within.push(work);
    }
    let created = json!({ "issuer": tenant.issuer.as_str(), "slug": tenant.slug.as_str() });
    let event = happened(EventKind::TenantCreated, target("tenant", tenant.id), created);
    let tx = PlatformTx::new()
        .with(PlatformWrite::InsertTenant(Box::new(tenant.clone())))
        .with(PlatformWrite::Within(tenant.id, within))
        .with(PlatformWrite::AppendEvent(Box::new(event)));
    engine.store().commit(tx).await?;
    engine.want_work();
    Ok(tenant)
}
