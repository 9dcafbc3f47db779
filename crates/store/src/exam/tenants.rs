use std::sync::Arc;

use intelliauth_model::{KeyAlgorithm, ScopeMode, Tenant, TenantSettings, TenantState, Version};

use super::fixtures::{
    ALL, NOW, admin, audience, open, open_one, organisation, put, revocation, tenant, user,
};
use crate::{Constraint, Entity, PlatformTx, PlatformWrite, Store, StoreError, StoreResult, TenantWrite};

fn update(row: &Tenant, expected: i64) -> TenantWrite {
    TenantWrite::UpdateTenant { tenant: Box::new(row.clone()), expected: Version(expected) }
}

async fn insert(store: &Arc<dyn Store>, row: Tenant) -> StoreResult<()> {
    store.commit(PlatformTx::new().with(PlatformWrite::InsertTenant(Box::new(row)))).await.map(drop)
}

pub(super) async fn tenants_come_back_as_they_went_in(store: &Arc<dyn Store>) {
    open(store, [1]).await;
    let mut odd = tenant(2);
    odd.issuer = "http://localhost:8480".parse().unwrap();
    odd.state = TenantState::Disabled { since: NOW };
    odd.settings = TenantSettings {
        signing_algorithm: KeyAlgorithm::EdDSA,
        key_rotation_days: 0,
        secret_overlap_hours: 168,
        scope_mode: ScopeMode::Permissive,
        requests_per_minute: Some(7),
    };
    insert(store, odd.clone()).await.unwrap();
    assert_eq!(store.tenant(tenant(1).id).await.unwrap(), Some(tenant(1)));
    assert_eq!(store.tenant(odd.id).await.unwrap().as_ref(), Some(&odd), "disabled ones included");
    assert_eq!(store.tenant_by_authority("localhost:8480").await.unwrap().as_ref(), Some(&odd));
    for stranger in ["localhost", "localhost:848", "LOCALHOST:8480", "http://localhost:8480", "", "%"] {
        assert_eq!(store.tenant_by_authority(stranger).await.unwrap(), None, "{stranger:?}");
    }
    assert_eq!(store.tenant(tenant(3).id).await.unwrap(), None);
    assert_eq!(store.scoped(odd.id).id(), odd.id);
}

pub(super) async fn a_tenant_needs_its_organisation(store: &Arc<dyn Store>) {
    assert_eq!(insert(store, tenant(1)).await, Err(StoreError::Stale(Entity::Organisation)));
    assert_eq!(store.tenant(tenant(1).id).await.unwrap(), None);
}

pub(super) async fn slugs_and_authorities_are_taken_once(store: &Arc<dyn Store>) {
    open(store, [1]).await;
    store
        .commit(PlatformTx::new().with(PlatformWrite::InsertOrganisation(Box::new(organisation(2)))))
        .await
        .unwrap();
    let mut twin = tenant(2);
    twin.slug = tenant(1).slug;
    assert_eq!(insert(store, twin.clone()).await, Err(StoreError::Conflict(Constraint::TenantSlug)));
    twin.organisation = organisation(2).id;
    insert(store, twin).await.expect("another organisation may use the slug");

    let mut local = tenant(3);
    local.issuer = "http://localhost:8480".parse().unwrap();
    insert(store, local).await.unwrap();
    // A Host header carries no scheme, so both would answer to one name.
    let mut other_scheme = tenant(4);
    other_scheme.issuer = "https://localhost:8480".parse().unwrap();
    assert_eq!(insert(store, other_scheme).await, Err(StoreError::Conflict(Constraint::TenantIssuer)));
    let mut same_id = tenant(5);
    same_id.id = tenant(1).id;
    assert_eq!(insert(store, same_id).await, Err(StoreError::Conflict(Constraint::PrimaryKey)));
}

pub(super) async fn a_tenant_update_names_its_revision(store: &Arc<dyn Store>) {
    let [scoped, other] = open(store, [1, 2]).await;
    put(&scoped, [TenantWrite::AppendRevocation(revocation(1))]).await.unwrap();
    let mut row = tenant(1);
    row.name = String::from("New name");
    row.issuer = "https://new.example.com".parse().unwrap();
    row.state = TenantState::Disabled { since: NOW };
    row.settings.key_rotation_days = 30;
    row.updated_at = NOW.plus_seconds(1);
    row.version = Version(2);
    put(&scoped, [update(&row, 1)]).await.unwrap();
    assert_eq!(store.tenant(row.id).await.unwrap().as_ref(), Some(&row));
    assert_eq!(store.tenant_by_authority("new.example.com").await.unwrap().as_ref(), Some(&row));
    assert_eq!(store.tenant_by_authority(tenant(1).issuer.authority()).await.unwrap(), None);
    assert_eq!(scoped.versions().await.unwrap().revocations, 1, "an update leaves the counters alone");

    let stale = Err(StoreError::Stale(Entity::Tenant));
    assert_eq!(put(&scoped, [update(&row, 1)]).await, stale, "revision 1 is gone");
    assert_eq!(put(&scoped, [update(&row, 3)]).await, stale, "revision 3 is not there yet");
    let mut foreign = tenant(2);
    foreign.issuer = "https://stolen.example.com".parse().unwrap();
    assert_eq!(put(&scoped, [update(&foreign, 2)]).await, stale, "a handle changes its own tenant only");
    let mut squatter = tenant(2);
    squatter.issuer = row.issuer.clone();
    assert_eq!(
        put(&other, [update(&squatter, 1)]).await,
        Err(StoreError::Conflict(Constraint::TenantIssuer))
    );
    assert_eq!(store.tenant(tenant(2).id).await.unwrap(), Some(tenant(2)));
}

pub(super) async fn nothing_hangs_on_a_tenant_that_is_not_there(store: &Arc<dyn Store>) {
    let nobody = store.scoped(tenant(9).id);
    let stale = Err(StoreError::Stale(Entity::Tenant));
    assert_eq!(put(&nobody, [TenantWrite::InsertUser(Box::new(user(1)))]).await, stale);
    assert_eq!(put(&nobody, [TenantWrite::InsertAudience(Box::new(audience(1)))]).await, stale);
    assert_eq!(put(&nobody, [TenantWrite::AppendRevocation(revocation(1))]).await, stale);
    assert_eq!(nobody.users(&crate::UserFilter::default(), ALL).await.unwrap(), []);
    assert_eq!(nobody.versions().await.unwrap().configuration, 0);
    assert_eq!(nobody.versions().await.unwrap().revocations, 0);
}

pub(super) async fn admins_and_audiences_come_back(store: &Arc<dyn Store>) {
    let scoped = open_one(store).await;
    put(&scoped, [TenantWrite::InsertAdmin(Box::new(admin(1)))]).await.unwrap();
    let found = scoped.admin_by_email(&admin(1).email).await.unwrap().unwrap();
    assert_eq!(
        (found.id, found.email, found.password_hash, found.created_at),
        (admin(1).id, admin(1).email, admin(1).password_hash, NOW)
    );
    assert!(scoped.admin_by_email(&admin(2).email).await.unwrap().is_none());
    let mut twin = admin(2);
    twin.email = admin(1).email;
    assert_eq!(
        put(&scoped, [TenantWrite::InsertAdmin(Box::new(twin))]).await,
        Err(StoreError::Conflict(Constraint::AdminEmail))
    );

    // By id means by bytes: upper case comes first, whatever a database's language settings say.
    let mut upper = audience(0);
    upper.id = "Zulu".parse().unwrap();
    for row in [audience(2), upper.clone(), audience(1)] {
        put(&scoped, [TenantWrite::InsertAudience(Box::new(row))]).await.unwrap();
    }
    assert_eq!(scoped.audiences().await.unwrap(), [upper, audience(1), audience(2)]);
    assert_eq!(
        put(&scoped, [TenantWrite::InsertAudience(Box::new(audience(1)))]).await,
        Err(StoreError::Conflict(Constraint::AudienceId))
    );
    put(&scoped, [TenantWrite::DeleteAudience(audience(1).id)]).await.unwrap();
    assert_eq!(
        put(&scoped, [TenantWrite::DeleteAudience(audience(1).id)]).await,
        Err(StoreError::Stale(Entity::Audience))
    );
    assert_eq!(scoped.audiences().await.unwrap().len(), 2);
}
