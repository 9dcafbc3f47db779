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
    let id = if let Some(id) = tenants.by_authority.get(authority) {
        id
    } else {
        let found = engine.store().tenant_by_authority(authority).await?;
        let id = found.ok_or(Error::NotFound("tenant"))?.id;
        tenants.by_authority.insert(authority.to_owned(), id);
        id
    };
    let tenancy = open(engine, id).await;
    // The URL may have been given up, or to another tenant, since it was remembered.
    let holds = |tenancy: &Tenancy| {
        let tenant = tenancy.tenant();
        tenant.issuer.authority() == authority && tenant.state == TenantState::Active
    };
    match tenancy {
        Ok(tenancy) if holds(&tenancy) => Ok(tenancy),
        Ok(_) => {
            tenants.by_authority.remove(authority);
            Err(Error::NotFound("tenant"))
        }
        Err(error) => Err(error),
    }
}

/// The tenant with this id, disabled or not: for the command line and background work.
pub async fn open(engine: &Arc<Engine>, id: TenantId) -> Result<Tenancy, Error> {
    let entry = engine.tenants().entry(engine, id);
    let snapshot = entry.current(engine).await?;
    Ok(Tenancy::new(Arc::clone(engine), entry, snapshot))
}
