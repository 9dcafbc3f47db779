use std::{future::Future, sync::Arc};

use async_trait::async_trait;
use intelliauth_model::{Event, Organisation, OrganisationId, Rng, Slug, Tenant, TenantId, Timestamp};
use intelliauth_store::{
    Committed, Page, PlatformTx, SchemaState, Store, StoreError, StoreResult, TenantStore, Told,
};

use crate::{
    Listener, OpenError, Options, connection,
    endpoint::Endpoint,
    migrate,
    read::{self, Query},
    retry::Core,
    tenant::PostgresTenant,
    write::Plan,
};

/// One life of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId(pub(crate) [u8; 16]);

impl NodeId {
    /// Draws one.
    #[must_use]
    pub fn new(rng: &dyn Rng) -> Self {
        let mut bytes = [0; 16];
        rng.fill(&mut bytes);
        Self(bytes)
    }
}

/// The store in a PostgreSQL database, which other nodes may use at the same time.
pub struct PostgresStore {
    pub(crate) handle: Handle,
    endpoint: Endpoint,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Connects to the database at `url` and brings its schema to this release, or with
    /// [`Options::migrate`] off asks that it is.
    pub async fn connect(url: &str, options: Options) -> Result<Arc<Self>, OpenError> {
        let endpoint = Endpoint::parse(url, &options)?;
        migrate::prepare(&endpoint, &options, migrate::MIGRATIONS, &migrate::to_log).await?;
        let core = Core::new(connection::pool(&endpoint, &options)?, &options);
        Ok(Arc::new(Self { handle: Handle(Arc::new(core)), endpoint }))
    }

    /// Brings the schema of the database at `url` to this release, whatever [`Options::migrate`] says, and does
    /// nothing else: for a role that may change the schema, where the one that serves may not.
    pub async fn migrate(url: &str, options: Options, told: Told<'_>) -> Result<(), OpenError> {
        let options = Options { migrate: true, ..options };
        migrate::prepare(&Endpoint::parse(url, &options)?, &options, migrate::MIGRATIONS, told).await
    }

    /// Where the schema of the database at `url` stands. Changes nothing.
    pub async fn schema(url: &str, options: Options) -> Result<SchemaState, OpenError> {
        migrate::state(&Endpoint::parse(url, &options)?, &options).await
    }

    /// The moment by the database's clock, which all nodes can ask.
    pub async fn now(&self) -> StoreResult<Timestamp> {
        let now = self.handle.one(None, read::clock::now()).await?;
        now.ok_or_else(|| StoreError::Corrupt("the database has no clock".to_owned()))
    }

    /// Says that this node serves; it counts as gone a minute after it said so last.
    pub async fn node_is_here(&self, node: NodeId) -> StoreResult<()> {
        self.handle.commit(None, Plan::node_here(node)).await.map(drop)
    }

    /// Says that this node serves no more.
    pub async fn node_is_gone(&self, node: NodeId) -> StoreResult<()> {
        self.handle.commit(None, Plan::node_gone(node)).await.map(drop)
    }

    /// Tells of configuration that any node has changed, from now on. It needs a connection of its own, and
    /// one to the server itself: behind a transaction pooler nothing arrives.
    #[must_use]
    pub fn listen(&self) -> Listener {
        Listener::start(self.endpoint.clone())
    }
}

/// What the store and all tenant handles share.
#[derive(Clone)]
pub(crate) struct Handle(Arc<Core>);

impl Handle {
    /// The first row of a query.
    pub(crate) async fn one<T: 'static>(
        &self,
        tenant: Option<TenantId>,
        query: Query<T>,
    ) -> StoreResult<Option<T>> {
        Ok(self.many(tenant, query).await?.into_iter().next())
    }

    /// All rows of a query.
    pub(crate) async fn many<T: 'static>(
        &self,
        tenant: Option<TenantId>,
        query: Query<T>,
    ) -> StoreResult<Vec<T>> {
        if !query.can_find() {
            return Ok(Vec::new());
        }
        let (core, map) = (Arc::clone(&self.0), query.map);
        let rows = finish(async move { core.read(tenant, &query).await }).await?;
        rows.iter().map(map).collect()
    }

    /// Does everything in `plan`, or nothing.
    pub(crate) async fn commit(&self, tenant: Option<TenantId>, plan: Plan) -> StoreResult<Committed> {
        if plan.steps().is_empty() {
            return Ok(Committed::default());
        }
        let core = Arc::clone(&self.0);
        finish(async move { core.write(tenant, &plan).await }).await
    }
}

/// Lets `work` come to its end although its caller may go away: a client that hangs up cannot leave a
/// transaction half-way, nor make us close and open a connection each time.
async fn finish<T: Send + 'static>(
    work: impl Future<Output = StoreResult<T>> + Send + 'static,
) -> StoreResult<T> {
    tokio::spawn(work)
        .await
        .unwrap_or_else(|_| Err(StoreError::Unavailable("a call to the database was given up".to_owned())))
}

#[async_trait]
impl Store for PostgresStore {
    async fn ping(&self) -> StoreResult<()> {
        self.handle.commit(None, Plan::probe()).await.map(drop)
    }

    async fn organisation(&self, id: OrganisationId) -> StoreResult<Option<Organisation>> {
        self.handle.one(None, read::organisation::by_id(id)).await
    }

    async fn organisation_by_slug(&self, slug: &Slug) -> StoreResult<Option<Organisation>> {
        self.handle.one(None, read::organisation::by_slug(slug)).await
    }

    async fn organisations(&self, page: Page) -> StoreResult<Vec<Organisation>> {
        self.handle.many(None, read::organisation::list(page)).await
    }

    async fn tenant(&self, id: TenantId) -> StoreResult<Option<Tenant>> {
        self.handle.one(None, read::tenant::by_id(id)).await
    }

    async fn tenant_by_authority(&self, authority: &str) -> StoreResult<Option<Tenant>> {
        self.handle.one(None, read::tenant::by_authority(authority)).await
    }

    async fn tenants(&self, page: Page) -> StoreResult<Vec<Tenant>> {
        self.handle.many(None, read::tenant::list(page)).await
    }

    async fn platform_events(&self, page: Page) -> StoreResult<Vec<Event>> {
        self.handle.many(None, read::event::platform_list(page)).await
    }

    async fn next_job_at(&self) -> StoreResult<Option<Timestamp>> {
        Ok(self.handle.one(None, read::job::next_due()).await?.flatten())
    }

    async fn commit(&self, tx: PlatformTx) -> StoreResult<Committed> {
        self.handle.commit(None, Plan::platform(&tx)?).await
    }

    fn scoped(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        Arc::new(PostgresTenant { handle: self.handle.clone(), tenant })
    }
}
