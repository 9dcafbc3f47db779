use std::sync::Arc;

use intelliauth_model::{TenantId, TenantState};
use quick_cache::sync::Cache;

use super::{Tenancy, TenantEntry};
use crate::{Engine, Error};

/// How many tenants are kept at hand; the least used make room.
const KEPT: usize = 10_000;

/// The tenants at hand, by the authority of their issuer and by id.
pub(crate) struct Tenants {
    by_authority: Cache<String, TenantId>,
    by_id: Cache<TenantId, Arc<TenantEntry>>,
}

impl Tenants {
    pub(crate) fn new() -> Self {
        Self { by_authority: Cache::new(KEPT), by_id: Cache::new(KEPT) }
    }

    fn entry(&self, engine: &Engine, id: TenantId) -> Arc<TenantEntry> {
        // Of several that come first at once, all get the same entry: two entries would be two caches, and
        // an invalidation would reach only one.
        self.by_id
            .get_or_insert_with(&id, || {
                Ok::<_, std::convert::Infallible>(Arc::new(TenantEntry::new(engine.store().scoped(id))))
            })
            .unwrap_or_else(|never| match never {})
    }
}

/// The tenant whose issuer has this authority (`host[:port]`, lower case). Unknown and disabled tenants are
/// the same: not there.
pub async fn resolve(engine: &Arc<Engine>, authority: &str) -> Result<Tenancy, Error> {
    let tenants = engine.tenants();
    if let Some(id) = tenants.by_authority.get(authority) {
        let tenancy = open(engine, id).await?;
        if answers(&tenancy, authority) {
            return Ok(tenancy);
        }
        // The URL was given up, perhaps to another tenant, since it was remembered.
        tenants.by_authority.remove(authority);
    }
    let found = engine.store().tenant_by_authority(authority).await?;
    let tenancy = open(engine, found.ok_or(Error::NotFound("tenant"))?.id).await?;
    if !answers(&tenancy, authority) {
        return Err(Error::NotFound("tenant"));
    }
    tenants.by_authority.insert(authority.to_owned(), tenancy.id());
    Ok(tenancy)
}

fn answers(tenancy: &Tenancy, authority: &str) -> bool {
    let tenant = tenancy.tenant();
    tenant.issuer.authority() == authority && tenant.state == TenantState::Active
}

/// Another process has changed the configuration of this tenant, or perhaps of any: what is at hand of it
/// is looked at again before it is used.
pub fn changed_elsewhere(engine: &Engine, tenant: Option<TenantId>) {
    let tenants = engine.tenants();
    match tenant {
        Some(id) => {
            if let Some(entry) = tenants.by_id.peek(&id) {
                entry.invalidate();
            }
        }
        None => tenants.by_id.iter().for_each(|(_, entry)| entry.invalidate()),
    }
}

/// The tenant with this id, disabled or not: for the command line and background work.
pub async fn open(engine: &Arc<Engine>, id: TenantId) -> Result<Tenancy, Error> {
    let entry = engine.tenants().entry(engine, id);
    let snapshot = entry.current(engine).await?;
    Ok(Tenancy::new(Arc::clone(engine), entry, snapshot))
}
