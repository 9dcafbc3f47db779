use async_trait::async_trait;
use intelliauth_model::{
    Admin, Application, ApplicationId, Audience, ClientSecret, Email, Event, IdempotencyKey,
    IdempotencyRecord, Job, Revocation, Session, SessionId, SigningKeyRecord, SingleUse, SingleUseKind,
    TenantId, User, UserId,
};
use intelliauth_store::{Committed, Page, StoreResult, TenantStore, TenantTx, TenantVersions, UserFilter};

use crate::{read, store::Handle, write::Plan};

/// One tenant's way in: it adds its tenant to every query, and there is no query without one.
pub(crate) struct PostgresTenant {
    pub(crate) handle: Handle,
    pub(crate) tenant: TenantId,
}

#[async_trait]
impl TenantStore for PostgresTenant {
    fn id(&self) -> TenantId {
        self.tenant
    }

    async fn versions(&self) -> StoreResult<TenantVersions> {
        let versions = self.handle.one(Some(self.tenant), read::tenant::versions(self.tenant)).await?;
        Ok(versions.unwrap_or_default())
    }

    async fn admin_by_email(&self, email: &Email) -> StoreResult<Option<Admin>> {
        self.handle.one(Some(self.tenant), read::admin::by_email(self.tenant, email)).await
    }

    async fn audiences(&self) -> StoreResult<Vec<Audience>> {
        self.handle.many(Some(self.tenant), read::audience::list(self.tenant)).await
    }

    async fn user(&self, id: UserId) -> StoreResult<Option<User>> {
        self.handle.one(Some(self.tenant), read::user::by_id(self.tenant, id)).await
    }

    async fn user_by_email(&self, email: &Email) -> StoreResult<Option<User>> {
        self.handle.one(Some(self.tenant), read::user::by_email(self.tenant, email)).await
    }

    async fn users(&self, filter: &UserFilter, page: Page) -> StoreResult<Vec<User>> {
        self.handle.many(Some(self.tenant), read::user::list(self.tenant, filter, page)).await
    }

    async fn application(&self, id: ApplicationId) -> StoreResult<Option<Application>> {
        self.handle.one(Some(self.tenant), read::application::by_id(self.tenant, id)).await
    }

    async fn applications(&self, page: Page) -> StoreResult<Vec<Application>> {
        self.handle.many(Some(self.tenant), read::application::list(self.tenant, page)).await
    }

    async fn client_secrets(&self, application: ApplicationId) -> StoreResult<Vec<ClientSecret>> {
        self.handle.many(Some(self.tenant), read::client_secret::list(self.tenant, application)).await
    }

    async fn session(&self, id: SessionId) -> StoreResult<Option<Session>> {
        self.handle.one(Some(self.tenant), read::session::by_id(self.tenant, id)).await
    }

    async fn sessions_of(&self, user: UserId, page: Page) -> StoreResult<Vec<Session>> {
        self.handle.many(Some(self.tenant), read::session::list(self.tenant, user, page)).await
    }

    async fn keys(&self) -> StoreResult<Vec<SigningKeyRecord>> {
        self.handle.many(Some(self.tenant), read::key::list(self.tenant)).await
    }

    async fn revocations_after(&self, seq: i64, limit: u32) -> StoreResult<Vec<Revocation>> {
        self.handle.many(Some(self.tenant), read::revocation::after(self.tenant, seq, limit)).await
    }

    async fn single_use(&self, kind: SingleUseKind, hash: &[u8; 32]) -> StoreResult<Option<SingleUse>> {
        self.handle.one(Some(self.tenant), read::single_use::by_hash(self.tenant, kind, hash)).await
    }

    async fn idempotency(
        &self,
        client: ApplicationId,
        key: &IdempotencyKey,
    ) -> StoreResult<Option<IdempotencyRecord>> {
        self.handle.one(Some(self.tenant), read::idempotency::by_key(self.tenant, client, key)).await
    }

    async fn jobs(&self) -> StoreResult<Vec<Job>> {
        self.handle.many(Some(self.tenant), read::job::list(self.tenant)).await
    }

    async fn events(&self, page: Page) -> StoreResult<Vec<Event>> {
        self.handle.many(Some(self.tenant), read::event::list(self.tenant, page)).await
    }

    async fn commit(&self, tx: TenantTx) -> StoreResult<Committed> {
        self.handle.commit(Some(self.tenant), Plan::tenant(self.tenant, &tx)?).await
    }
}
