use std::sync::Arc;

use async_trait::async_trait;
use intelliauth_model::{
    Admin, Application, ApplicationId, Audience, ClientSecret, Email, Event, IdempotencyKey,
    IdempotencyRecord, Job, Revocation, Session, SessionId, SigningKeyRecord, SingleUse, SingleUseKind,
    TenantId, User, UserId,
};
use intelliauth_store::{Committed, Page, StoreResult, TenantStore, TenantTx, TenantVersions, UserFilter};

use crate::{read, store::Core, writer::Work};

/// One tenant's way in: it adds its tenant to every query, and there is no query without one.
pub(crate) struct SqliteTenant {
    pub(crate) core: Arc<Core>,
    pub(crate) tenant: TenantId,
}

#[async_trait]
impl TenantStore for SqliteTenant {
    fn id(&self) -> TenantId {
        self.tenant
    }

    async fn versions(&self) -> StoreResult<TenantVersions> {
        self.core.point(|connection| read::tenant::versions(connection, self.tenant))
    }

    async fn admin_by_email(&self, email: &Email) -> StoreResult<Option<Admin>> {
        self.core.point(|connection| read::admin::by_email(connection, self.tenant, email))
    }

    async fn audiences(&self) -> StoreResult<Vec<Audience>> {
        self.core.point(|connection| read::audience::list(connection, self.tenant))
    }

    async fn user(&self, id: UserId) -> StoreResult<Option<User>> {
        self.core.point(|connection| read::user::by_id(connection, self.tenant, id))
    }

    async fn user_by_email(&self, email: &Email) -> StoreResult<Option<User>> {
        self.core.point(|connection| read::user::by_email(connection, self.tenant, email))
    }

    async fn users(&self, filter: &UserFilter, page: Page) -> StoreResult<Vec<User>> {
        let (tenant, filter) = (self.tenant, filter.clone());
        self.core.list(move |connection| read::user::list(connection, tenant, &filter, page)).await
    }

    async fn application(&self, id: ApplicationId) -> StoreResult<Option<Application>> {
        self.core.point(|connection| read::application::by_id(connection, self.tenant, id))
    }

    async fn applications(&self, page: Page) -> StoreResult<Vec<Application>> {
        let tenant = self.tenant;
        self.core.list(move |connection| read::application::list(connection, tenant, page)).await
    }

    async fn client_secrets(&self, application: ApplicationId) -> StoreResult<Vec<ClientSecret>> {
        self.core.point(|connection| read::client_secret::list(connection, self.tenant, application))
    }

    async fn session(&self, id: SessionId) -> StoreResult<Option<Session>> {
        self.core.point(|connection| read::session::by_id(connection, self.tenant, id))
    }

    async fn sessions_of(&self, user: UserId, page: Page) -> StoreResult<Vec<Session>> {
        let tenant = self.tenant;
        self.core.list(move |connection| read::session::list(connection, tenant, user, page)).await
    }

    async fn keys(&self) -> StoreResult<Vec<SigningKeyRecord>> {
        self.core.point(|connection| read::key::list(connection, self.tenant))
    }

    async fn revocations_after(&self, seq: i64, limit: u32) -> StoreResult<Vec<Revocation>> {
        let tenant = self.tenant;
        self.core.list(move |connection| read::revocation::after(connection, tenant, seq, limit)).await
    }

    async fn single_use(&self, kind: SingleUseKind, hash: &[u8; 32]) -> StoreResult<Option<SingleUse>> {
        self.core.point(|connection| read::single_use::by_hash(connection, self.tenant, kind, hash))
    }

    async fn idempotency(
        &self,
        client: ApplicationId,
        key: &IdempotencyKey,
    ) -> StoreResult<Option<IdempotencyRecord>> {
        self.core.point(|connection| read::idempotency::by_key(connection, self.tenant, client, key))
    }

    async fn jobs(&self) -> StoreResult<Vec<Job>> {
        let tenant = self.tenant;
        self.core.list(move |connection| read::job::list(connection, tenant)).await
    }

    async fn events(&self, page: Page) -> StoreResult<Vec<Event>> {
        let tenant = self.tenant;
        self.core.list(move |connection| read::event::list(connection, tenant, page)).await
    }

    async fn commit(&self, tx: TenantTx) -> StoreResult<Committed> {
        self.core.commit(Work::Tenant(self.tenant, tx)).await
    }
}
