use std::sync::Arc;

use intelliauth_model::{ApplicationId, AudienceId, Tenant, TenantId};
use intelliauth_store::{Committed, TenantStore, TenantTx, TenantWrite};

use super::{Snapshot, TenantEntry};
use crate::{Engine, Error, applications::Registered, keys::KeyRing};

/// One request's hold on one tenant: the only way to its rows, keys and caches.
#[derive(Clone)]
pub struct Tenancy {
    engine: Arc<Engine>,
    entry: Arc<TenantEntry>,
    snapshot: Arc<Snapshot>,
}

impl Tenancy {
    pub(super) const fn new(engine: Arc<Engine>, entry: Arc<TenantEntry>, snapshot: Arc<Snapshot>) -> Self {
        Self { engine, entry, snapshot }
    }

    /// Which tenant.
    #[must_use]
    pub fn id(&self) -> TenantId {
        self.snapshot.tenant().id
    }

    /// The tenant's row.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        self.snapshot.tenant()
    }

    /// The tenant's configuration as this request sees it.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The issuer, which is the tenant's URL.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.tenant().issuer.as_str()
    }

    /// The audience of the tenant's own REST API: the tenant URL and `/api`. It needs no registration.
    #[must_use]
    pub fn api_audience(&self) -> String {
        format!("{}/api", self.issuer())
    }

    /// Whether tokens can be meant for `audience`.
    #[must_use]
    pub fn knows_audience(&self, audience: &AudienceId) -> bool {
        audience.as_str() == self.api_audience() || self.snapshot.audience(audience).is_some()
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    pub(crate) fn entry(&self) -> &TenantEntry {
        &self.entry
    }

    pub(crate) fn keys(&self) -> &KeyRing {
        self.snapshot.keys()
    }

    pub(crate) fn store(&self) -> &Arc<dyn TenantStore> {
        self.entry.store()
    }

    pub(crate) async fn application(&self, id: ApplicationId) -> Result<Option<Arc<Registered>>, Error> {
        self.snapshot.application(self.store(), id).await
    }

    /// Commits `tx`; if it changes what is cached, the next request of this process sees the change.
    pub(crate) async fn commit(&self, tx: TenantTx) -> Result<Committed, Error> {
        let touches = tx.touches_configuration() || tx.revokes();
        let schedules = tx.writes().iter().any(|write| matches!(write, TenantWrite::ScheduleJob { .. }));
        let committed = self.store().commit(tx).await;
        // Also after a failure: a commit whose answer was lost may have happened.
        if touches {
            self.entry.invalidate();
        }
        if schedules {
            self.engine.want_work();
        }
        Ok(committed?)
    }
}
