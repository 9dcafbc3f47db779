use intelliauth_model::{AudienceId, EventKind, Issuer, JobKind, Tenant, TenantSettings, TenantState};
use intelliauth_store::{Page, TenantTx, TenantWrite};
use serde_json::json;

use super::Tenancy;
use crate::{
    Caller, Error,
    audit::{Happening, target},
    jobs,
};

/// What to change of a tenant; `None` leaves as it is.
#[derive(Clone, Debug, Default)]
pub struct TenantChange {
    /// What people call it.
    pub name: Option<String>,
    /// Its URL. Tokens of the old issuer stop being accepted.
    pub issuer: Option<Issuer>,
    /// Whether it answers.
    pub enabled: Option<bool>,
    /// What its administrators chose.
    pub settings: Option<TenantSettings>,
}

/// Changes a tenant.
pub async fn update(tenancy: &Tenancy, caller: &Caller, change: TenantChange) -> Result<Tenant, Error> {
    caller.require_operator()?;
    let engine = tenancy.engine();
    let now = engine.now();
    let before = engine.store().tenant(tenancy.id()).await?.ok_or(Error::NotFound("tenant"))?;
    let expected = before.version;
    let state = match (change.enabled, before.state) {
        (Some(true), _) => TenantState::Active,
        (Some(false), TenantState::Active) => TenantState::Disabled { since: now },
        (_, state) => state,
    };
    let tenant = Tenant {
        name: change.name.unwrap_or(before.name),
        issuer: change.issuer.unwrap_or(before.issuer),
        settings: change.settings.unwrap_or(before.settings),
        state,
        version: expected.next(),
        updated_at: now,
        ..before
    };
    check_name(&tenant.name)?;
    check_settings(&tenant.settings)?;
    let mut tx =
        TenantTx::new().with(TenantWrite::UpdateTenant { tenant: Box::new(tenant.clone()), expected });
    if tenant.issuer.as_str() != tenancy.issuer() {
        move_api_audience(tenancy, &tenant, &mut tx).await?;
    }
    // The schedule of the keys may have changed.
    tx.push(jobs::wanted(JobKind::KeySchedule, now));
    let tx = tx.with(engine.event_write(Happening {
        kind: EventKind::TenantUpdated,
        actor: caller.actor(),
        target: target("tenant", tenant.id),
        request_id: caller.request_id(),
        data: json!({ "issuer": tenant.issuer.as_str(), "enabled": tenant.state == TenantState::Active }),
    }));
    tenancy.commit(tx).await?;
    Ok(tenant)
}

/// The audience of the tenant's own API follows its URL, so applications that may ask for it do too.
async fn move_api_audience(tenancy: &Tenancy, tenant: &Tenant, tx: &mut TenantTx) -> Result<(), Error> {
    const AT_ONCE: u32 = 200;
    let (old, new) = (tenancy.api_audience(), format!("{}/api", tenant.issuer));
    let new: AudienceId = new.parse().map_err(|_| Error::invalid("issuer", "too long"))?;
    // Whoever may ask for tokens to that API would find them good for ours.
    if tenancy.snapshot().audience(&new).is_some() {
        return Err(Error::invalid("issuer", "its own API would have the name of a registered audience"));
    }
    let mut before = None;
    loop {
        let batch = tenancy.store().applications(Page { before, limit: AT_ONCE }).await?;
        before = batch.last().filter(|_| batch.len() == AT_ONCE as usize).map(|last| last.id.to_bytes());
        for mut application in batch {
            let Some(audience) = application.audiences.iter_mut().find(|held| held.as_str() == old) else {
                continue;
            };
            audience.clone_from(&new);
            let expected = application.version;
            application.version = expected.next();
            application.updated_at = tenant.updated_at;
            tx.push(TenantWrite::UpdateApplication { application: Box::new(application), expected });
        }
        if before.is_none() {
            return Ok(());
        }
    }
}

pub(super) fn check_name(name: &str) -> Result<(), Error> {
    let length = name.chars().count();
    if (1..=100).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Error::invalid("name", "a name has 1 to 100 characters and no control characters"))
}

pub(super) fn check_settings(settings: &TenantSettings) -> Result<(), Error> {
    if !(12..=168).contains(&settings.secret_overlap_hours) {
        return Err(Error::invalid("secret_overlap_hours", "12 to 168 hours"));
    }
    if settings.key_rotation_days > 3650 {
        return Err(Error::invalid("key_rotation_days", "0 (never) to 3650 days"));
    }
    if settings.requests_per_minute == Some(0) {
        return Err(Error::invalid("requests_per_minute", "at least 1"));
    }
    Ok(())
}
