use std::sync::{
    Arc,
    atomic::{AtomicU8, AtomicU32, Ordering},
};

use async_trait::async_trait;
use intelliauth_model::{
    Admin, Application, ApplicationId, Audience, ClientSecret, Email, Event, IdempotencyKey,
    IdempotencyRecord, Job, Organisation, OrganisationId, Revocation, Session, SessionId, SigningKeyRecord,
    SingleUse, SingleUseKind, Slug, Tenant, TenantId, Timestamp, User, UserId,
};
use intelliauth_store::{
    Committed, Page, PlatformTx, Store, StoreError, StoreResult, TenantStore, TenantTx, TenantVersions,
    UserFilter,
};

/// What is wrong with the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outage {
    /// Nothing.
    None,
    /// It cannot be reached.
    Unreachable,
    /// It takes requests and never answers.
    Hangs,
    /// It can be read, not written: a full disk.
    ReadOnly,
    /// It does what it is asked and the answer to a write is lost on the way.
    LosesAnswers,
}

/// The real store behind a switch that cuts the line to it.
pub(crate) struct Breaker {
    store: Arc<dyn Store>,
    line: Arc<Line>,
    /// How often the store was asked to prove that it can write.
    pub(crate) pings: AtomicU32,
}

struct Line(AtomicU8);

/// The tenant's part, behind the same switch.
struct Scoped {
    store: Arc<dyn TenantStore>,
    line: Arc<Line>,
}

impl Breaker {
    pub(crate) fn over(store: Arc<dyn Store>) -> Arc<Self> {
        let line = Arc::new(Line(AtomicU8::new(Outage::None as u8)));
        Arc::new(Self { store, line, pings: AtomicU32::new(0) })
    }

    pub(crate) fn set(&self, outage: Outage) {
        self.line.0.store(outage as u8, Ordering::SeqCst);
    }
}

impl Line {
    fn is(&self, outage: Outage) -> bool {
        self.0.load(Ordering::SeqCst) == outage as u8
    }

    async fn read(&self) -> StoreResult<()> {
        if self.is(Outage::Hangs) {
            std::future::pending::<()>().await;
        }
        if self.is(Outage::Unreachable) { Err(cut()) } else { Ok(()) }
    }

    async fn write(&self) -> StoreResult<()> {
        if self.is(Outage::ReadOnly) { Err(cut()) } else { self.read().await }
    }

    fn answer(&self, committed: Committed) -> StoreResult<Committed> {
        if self.is(Outage::LosesAnswers) { Err(cut()) } else { Ok(committed) }
    }
}

fn cut() -> StoreError {
    StoreError::Unavailable("the line to secret-host:5432 is cut".to_owned())
}

macro_rules! behind_the_switch {
    (
        impl $room:ident for $this:ident {
            $(async fn $read:ident($($name:ident: $type:ty),*) -> $out:ty;)*
            write($tx:ty);
            $($rest:item)*
        }
    ) => {
        #[async_trait]
        impl $room for $this {
            $(async fn $read(&self, $($name: $type),*) -> StoreResult<$out> {
                self.line.read().await?;
                self.store.$read($($name),*).await
            })*

            async fn commit(&self, tx: $tx) -> StoreResult<Committed> {
                self.line.write().await?;
                let committed = self.store.commit(tx).await?;
                self.line.answer(committed)
            }

            $($rest)*
        }
    };
}

behind_the_switch! {
    impl Store for Breaker {
        async fn organisation(id: OrganisationId) -> Option<Organisation>;
        async fn organisation_by_slug(slug: &Slug) -> Option<Organisation>;
        async fn organisations(page: Page) -> Vec<Organisation>;
        async fn tenant(id: TenantId) -> Option<Tenant>;
        async fn tenant_by_authority(authority: &str) -> Option<Tenant>;
        async fn tenants(page: Page) -> Vec<Tenant>;
        async fn platform_events(page: Page) -> Vec<Event>;
        async fn next_job_at() -> Option<Timestamp>;
        write(PlatformTx);

        async fn ping(&self) -> StoreResult<()> {
            self.pings.fetch_add(1, Ordering::SeqCst);
            self.line.write().await?;
            self.store.ping().await
        }

        fn scoped(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
            Arc::new(Scoped { store: self.store.scoped(tenant), line: Arc::clone(&self.line) })
        }
    }
}

behind_the_switch! {
    impl TenantStore for Scoped {
        async fn versions() -> TenantVersions;
        async fn admin_by_email(email: &Email) -> Option<Admin>;
        async fn audiences() -> Vec<Audience>;
        async fn user(id: UserId) -> Option<User>;
        async fn user_by_email(email: &Email) -> Option<User>;
        async fn users(filter: &UserFilter, page: Page) -> Vec<User>;
        async fn application(id: ApplicationId) -> Option<Application>;
        async fn applications(page: Page) -> Vec<Application>;
        async fn client_secrets(application: ApplicationId) -> Vec<ClientSecret>;
        async fn session(id: SessionId) -> Option<Session>;
        async fn sessions_of(user: UserId, page: Page) -> Vec<Session>;
        async fn keys() -> Vec<SigningKeyRecord>;
        async fn revocations_after(seq: i64, limit: u32) -> Vec<Revocation>;
        async fn single_use(kind: SingleUseKind, hash: &[u8; 32]) -> Option<SingleUse>;
        async fn idempotency(client: ApplicationId, key: &IdempotencyKey) -> Option<IdempotencyRecord>;
        async fn jobs() -> Vec<Job>;
        async fn events(page: Page) -> Vec<Event>;
        write(TenantTx);

        fn id(&self) -> TenantId {
            self.store.id()
        }
    }
}
