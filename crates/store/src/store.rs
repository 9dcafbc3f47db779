use std::sync::Arc;

use async_trait::async_trait;
use intelliauth_model::{
    Admin, Application, ApplicationId, Audience, ClientSecret, Email, Event, IdempotencyKey,
    IdempotencyRecord, Job, Organisation, OrganisationId, Revocation, Session, SessionId, SigningKeyRecord,
    SingleUse, SingleUseKind, Slug, Tenant, TenantId, Timestamp, User, UserId,
};

use crate::{Committed, Page, PlatformTx, StoreResult, TenantTx, UserFilter};

/// The whole store: what lies above tenants, and the way to each tenant. Lookups give `None` for what is not
/// there; lists are newest first.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Whether the store can read and write now.
    async fn ping(&self) -> StoreResult<()>;
    /// The organisation with this id.
    async fn organisation(&self, id: OrganisationId) -> StoreResult<Option<Organisation>>;
    /// The organisation with this slug.
    async fn organisation_by_slug(&self, slug: &Slug) -> StoreResult<Option<Organisation>>;
    /// All organisations.
    async fn organisations(&self, page: Page) -> StoreResult<Vec<Organisation>>;
    /// The tenant with this id, disabled ones included.
    async fn tenant(&self, id: TenantId) -> StoreResult<Option<Tenant>>;
    /// The tenant whose issuer has this authority (`host[:port]`), disabled ones included.
    async fn tenant_by_authority(&self, authority: &str) -> StoreResult<Option<Tenant>>;
    /// All tenants.
    async fn tenants(&self, page: Page) -> StoreResult<Vec<Tenant>>;
    /// The platform's audit log.
    async fn platform_events(&self, page: Page) -> StoreResult<Vec<Event>>;
    /// When the next job of any tenant is due, be it in the past; `None` if there is no job at all. A job that
    /// is being done is due when its lease ends.
    async fn next_job_at(&self) -> StoreResult<Option<Timestamp>>;
    /// Does everything in `tx`, or nothing.
    async fn commit(&self, tx: PlatformTx) -> StoreResult<Committed>;
    /// The way to one tenant's rows. Costs nothing; the tenant need not exist.
    fn scoped(&self, tenant: TenantId) -> Arc<dyn TenantStore>;
}

/// How far a tenant has come; both 0 for one that is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TenantVersions {
    /// Grows whenever the tenant's configuration changes (see [`crate::TenantWrite::touches_configuration`]).
    pub configuration: i64,
    /// The number of the last revocation ever appended, 0 for none; it never runs backwards, not even when
    /// entries are forgotten.
    pub revocations: i64,
}

/// One tenant's rows and nobody else's.
#[async_trait]
pub trait TenantStore: Send + Sync + 'static {
    /// Which tenant.
    fn id(&self) -> TenantId;
    /// How far the tenant has come, both numbers at one moment; caches compare them.
    async fn versions(&self) -> StoreResult<TenantVersions>;
    /// The administrator with this address.
    async fn admin_by_email(&self, email: &Email) -> StoreResult<Option<Admin>>;
    /// All audiences, by id.
    async fn audiences(&self) -> StoreResult<Vec<Audience>>;
    /// The user with this id.
    async fn user(&self, id: UserId) -> StoreResult<Option<User>>;
    /// The user with this address.
    async fn user_by_email(&self, email: &Email) -> StoreResult<Option<User>>;
    /// Users that pass `filter`.
    async fn users(&self, filter: &UserFilter, page: Page) -> StoreResult<Vec<User>>;
    /// The application with this id.
    async fn application(&self, id: ApplicationId) -> StoreResult<Option<Application>>;
    /// All applications.
    async fn applications(&self, page: Page) -> StoreResult<Vec<Application>>;
    /// An application's secrets, newest first, expired ones included until they are forgotten.
    async fn client_secrets(&self, application: ApplicationId) -> StoreResult<Vec<ClientSecret>>;
    /// The session with this id.
    async fn session(&self, id: SessionId) -> StoreResult<Option<Session>>;
    /// A user's sessions.
    async fn sessions_of(&self, user: UserId, page: Page) -> StoreResult<Vec<Session>>;
    /// All signing keys, oldest first.
    async fn keys(&self) -> StoreResult<Vec<SigningKeyRecord>>;
    /// Revocations after `seq`, in order, at most `limit`. Forgotten entries are simply not there.
    async fn revocations_after(&self, seq: i64, limit: u32) -> StoreResult<Vec<Revocation>>;
    /// What the secret with this hash stands for, spent ones excluded, expired ones included until forgotten.
    async fn single_use(&self, kind: SingleUseKind, hash: &[u8; 32]) -> StoreResult<Option<SingleUse>>;
    /// What a POST with this key did.
    async fn idempotency(
        &self,
        client: ApplicationId,
        key: &IdempotencyKey,
    ) -> StoreResult<Option<IdempotencyRecord>>;
    /// All background work, waiting and being done, by name.
    async fn jobs(&self) -> StoreResult<Vec<Job>>;
    /// The audit log.
    async fn events(&self, page: Page) -> StoreResult<Vec<Event>>;
    /// Does everything in `tx`, or nothing. When it returns `Ok` the change is durable.
    async fn commit(&self, tx: TenantTx) -> StoreResult<Committed>;
}
