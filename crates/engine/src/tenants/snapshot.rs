use std::sync::Arc;

use intelliauth_model::{ApplicationId, Audience, AudienceId, Tenant};
use intelliauth_store::TenantStore;
use quick_cache::sync::Cache;

use crate::{Engine, Error, applications::Registered, keys::KeyRing};

const APPLICATIONS_KEPT: usize = 1_000;

/// What every request needs of a tenant, as of one configuration version.
pub struct Snapshot {
    version: i64,
    tenant: Tenant,
    audiences: Vec<Audience>,
    keys: KeyRing,
    applications: Cache<ApplicationId, Option<Arc<Registered>>>,
}

impl Snapshot {
    pub(super) async fn load(
        engine: &Engine,
        store: &Arc<dyn TenantStore>,
        version: i64,
        before: Option<&Self>,
    ) -> Result<Self, Error> {
        let tenant = engine.store().tenant(store.id()).await?.ok_or(Error::NotFound("tenant"))?;
        let audiences = store.audiences().await?;
        let keys =
            KeyRing::load(engine, store.id(), store.keys().await?, before.map(|snapshot| &snapshot.keys))?;
        Ok(Self { version, tenant, audiences, keys, applications: Cache::new(APPLICATIONS_KEPT) })
    }

    pub(crate) const fn version(&self) -> i64 {
        self.version
    }

    /// The tenant's row.
    #[must_use]
    pub const fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The APIs tokens can be meant for, the tenant's own API not among them.
    #[must_use]
    pub fn audiences(&self) -> &[Audience] {
        &self.audiences
    }

    /// The registered audience of this id.
    #[must_use]
    pub fn audience(&self, id: &AudienceId) -> Option<&Audience> {
        self.audiences.iter().find(|audience| audience.id == *id)
    }

    pub(crate) const fn keys(&self) -> &KeyRing {
        &self.keys
    }

    /// The application with its secrets, read once per configuration version. A strange id is remembered as
    /// absent, so that guessing ids does not reach the store each time.
    pub(super) async fn application(
        &self,
        store: &Arc<dyn TenantStore>,
        id: ApplicationId,
    ) -> Result<Option<Arc<Registered>>, Error> {
        if let Some(known) = self.applications.get(&id) {
            return Ok(known);
        }
        let found = match store.application(id).await? {
            Some(application) => {
                let secrets = store.client_secrets(id).await?;
                Some(Arc::new(Registered { application, secrets }))
            }
            None => None,
        };
        self.applications.insert(id, found.clone());
        Ok(found)
    }
}
