use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use intelliauth_model::{Event, Organisation, OrganisationId, Slug, Tenant, TenantId, Timestamp};
use intelliauth_store::{
    Committed, Page, PlatformTx, SchemaState, Store, StoreError, StoreResult, TenantStore, Told,
};
use rusqlite::Connection;

use crate::{
    OpenError, Options, file,
    migrate::{self, MIGRATIONS},
    read,
    readers::{Readers, Shared},
    tenant::SqliteTenant,
    writer::{Work, Writer},
};

/// The store in one SQLite file, or in memory. Dropping the last handle finishes the writes already handed
/// over, then closes the file.
pub struct SqliteStore {
    core: Arc<Core>,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the database at `path`, makes it (mode 0600) if it is not there, and brings its schema to this
    /// release. The directory must exist. Blocks for as long as the file system takes.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Arc<Self>, OpenError> {
        let path = path.as_ref();
        let mut writing = file::writer(path, options)?;
        migrate::migrate(&mut writing, MIGRATIONS, &migrate::to_log)?;
        let readers = |count: usize| {
            let slots = (0..count.max(1)).map(|_| Ok(shared(file::reader(path, options)?)));
            slots.collect::<Result<Vec<_>, OpenError>>().map(Readers::new)
        };
        let (points, lists) = (readers(options.point_readers)?, readers(options.list_readers)?);
        Self::start(shared(writing), points, lists, options)
            .map_err(|source| OpenError::Io { path: path.to_owned(), source })
    }

    /// Brings the schema of the database at `path` to this release, making the file if it is not there, and does
    /// nothing else.
    pub fn migrate(path: impl AsRef<Path>, told: Told<'_>) -> Result<(), OpenError> {
        migrate::migrate(&mut file::writer(path.as_ref(), Options::default())?, MIGRATIONS, told)
    }

    /// Where the schema of the database at `path` stands. Changes nothing; the file must be there.
    pub fn schema(path: impl AsRef<Path>) -> Result<SchemaState, OpenError> {
        migrate::state(&file::connect(path.as_ref(), Options::default())?)
    }

    /// Where the schema of a database stands that is not there yet.
    #[must_use]
    pub fn no_schema() -> SchemaState {
        SchemaState { known: MIGRATIONS.to_vec(), found: 0, busy: false }
    }

    /// A database in memory, which dies with the store. Its readers use the writer's connection: the ways
    /// SQLite offers to share one between connections refuse reads during a write, which a file does not.
    pub fn memory() -> Result<Arc<Self>, OpenError> {
        let mut connection = file::memory()?;
        migrate::migrate(&mut connection, MIGRATIONS, &migrate::to_log)?;
        let connection = shared(connection);
        let readers = || Readers::new(vec![Arc::clone(&connection)]);
        Self::start(Arc::clone(&connection), readers(), readers(), Options::default())
            .map_err(|source| OpenError::Io { path: ":memory:".into(), source })
    }

    fn start(
        connection: Shared,
        points: Readers,
        lists: Readers,
        options: Options,
    ) -> std::io::Result<Arc<Self>> {
        let writer = Writer::start(connection, options.queue)?;
        Ok(Arc::new(Self { core: Arc::new(Core { writer, points, lists }) }))
    }
}

fn shared(connection: Connection) -> Shared {
    Arc::new(Mutex::new(connection))
}

/// What the store and all tenant handles share.
pub(crate) struct Core {
    writer: Writer,
    points: Readers,
    lists: Readers,
}

impl Core {
    /// A read of a row or a few, on the caller's thread: it takes microseconds, less than a hop to another.
    pub(crate) fn point<T>(&self, read: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<T> {
        self.points.with(read)
    }

    /// A read of many rows, away from the threads that serve requests.
    pub(crate) async fn list<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        let core = Arc::clone(self);
        tokio::task::spawn_blocking(move || core.lists.with(read))
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("a read was given up".to_owned())))
    }

    pub(crate) async fn commit(&self, work: Work) -> StoreResult<Committed> {
        self.writer.commit(work).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> StoreResult<()> {
        self.core.point(read::ping)?;
        self.core.commit(Work::Probe).await.map(drop)
    }

    async fn organisation(&self, id: OrganisationId) -> StoreResult<Option<Organisation>> {
        self.core.point(|connection| read::organisation::by_id(connection, id))
    }

    async fn organisation_by_slug(&self, slug: &Slug) -> StoreResult<Option<Organisation>> {
        self.core.point(|connection| read::organisation::by_slug(connection, slug))
    }

    async fn organisations(&self, page: Page) -> StoreResult<Vec<Organisation>> {
        self.core.list(move |connection| read::organisation::list(connection, page)).await
    }

    async fn tenant(&self, id: TenantId) -> StoreResult<Option<Tenant>> {
        self.core.point(|connection| read::tenant::by_id(connection, id))
    }

    async fn tenant_by_authority(&self, authority: &str) -> StoreResult<Option<Tenant>> {
        self.core.point(|connection| read::tenant::by_authority(connection, authority))
    }

    async fn tenants(&self, page: Page) -> StoreResult<Vec<Tenant>> {
        self.core.list(move |connection| read::tenant::list(connection, page)).await
    }

    async fn platform_events(&self, page: Page) -> StoreResult<Vec<Event>> {
        self.core.list(move |connection| read::event::platform_list(connection, page)).await
    }

    async fn next_job_at(&self) -> StoreResult<Option<Timestamp>> {
        self.core.point(read::job::next_due)
    }

    async fn commit(&self, tx: PlatformTx) -> StoreResult<Committed> {
        self.core.commit(Work::Platform(tx)).await
    }

    fn scoped(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        Arc::new(SqliteTenant { core: Arc::clone(&self.core), tenant })
    }
}
