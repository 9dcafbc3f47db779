use std::sync::Arc;

use super::fixtures::{ALL, CURRENT, event, key, open, organisation, revocation, tenant, tx, user};
use crate::{Constraint, Entity, Page, PlatformTx, PlatformWrite, Store, StoreError, TenantWrite};

fn insert_organisation(n: u64) -> PlatformWrite {
    PlatformWrite::InsertOrganisation(Box::new(organisation(n)))
}

fn insert_tenant(n: u64) -> PlatformWrite {
    PlatformWrite::InsertTenant(Box::new(tenant(n)))
}

pub(super) async fn a_healthy_store_answers_a_ping(store: &Arc<dyn Store>) {
    store.ping().await.unwrap();
    assert!(store.organisations(ALL).await.unwrap().is_empty(), "a ping leaves nothing to see");
}

pub(super) async fn organisations_come_back_as_they_went_in(store: &Arc<dyn Store>) {
    store.commit(PlatformTx::new().with(insert_organisation(1))).await.unwrap();
    let there = organisation(1);
    assert_eq!(store.organisation(there.id).await.unwrap().as_ref(), Some(&there));
    assert_eq!(store.organisation_by_slug(&there.slug).await.unwrap().as_ref(), Some(&there));
    assert_eq!(store.organisation(organisation(2).id).await.unwrap(), None);
    assert_eq!(store.organisation_by_slug(&organisation(2).slug).await.unwrap(), None);
}

pub(super) async fn an_organisations_slug_is_taken_once(store: &Arc<dyn Store>) {
    store.commit(PlatformTx::new().with(insert_organisation(1))).await.unwrap();
    let mut twin = organisation(2);
    twin.slug = organisation(1).slug;
    let refusal =
        store.commit(PlatformTx::new().with(PlatformWrite::InsertOrganisation(Box::new(twin)))).await;
    assert_eq!(refusal, Err(StoreError::Conflict(Constraint::OrganisationSlug)));
    let mut same_id = organisation(3);
    same_id.id = organisation(1).id;
    let refusal =
        store.commit(PlatformTx::new().with(PlatformWrite::InsertOrganisation(Box::new(same_id)))).await;
    assert_eq!(refusal, Err(StoreError::Conflict(Constraint::PrimaryKey)));
    assert_eq!(store.organisations(ALL).await.unwrap(), [organisation(1)]);
}

pub(super) async fn a_whole_tenant_is_made_in_one_transaction(store: &Arc<dyn Store>) {
    let first = tx([
        TenantWrite::InsertKey(Box::new(key(1, CURRENT))),
        TenantWrite::AppendRevocation(revocation(1)),
        TenantWrite::AppendEvent(Box::new(event(1))),
    ]);
    let second =
        tx([TenantWrite::AppendRevocation(revocation(2)), TenantWrite::AppendRevocation(revocation(3))]);
    let done = store
        .commit(
            PlatformTx::new()
                .with(insert_organisation(1))
                .with(insert_tenant(1))
                .with(PlatformWrite::Within(tenant(1).id, first))
                .with(insert_tenant(2))
                .with(PlatformWrite::Within(tenant(2).id, second))
                .with(PlatformWrite::AppendEvent(Box::new(event(2)))),
        )
        .await
        .unwrap();
    assert_eq!(done.revocation_seqs, [1, 1, 2], "each tenant counts for itself");
    let scoped = store.scoped(tenant(1).id);
    assert_eq!(scoped.keys().await.unwrap(), [key(1, CURRENT)]);
    assert_eq!(scoped.events(ALL).await.unwrap(), [event(1)]);
    assert!(scoped.versions().await.unwrap().configuration > 0);
    assert_eq!(store.platform_events(ALL).await.unwrap(), [event(2)]);
}

pub(super) async fn a_failure_within_undoes_the_platforms_part(store: &Arc<dyn Store>) {
    let twins = tx([TenantWrite::InsertUser(Box::new(user(1))), TenantWrite::InsertUser(Box::new(user(1)))]);
    let refusal = store
        .commit(
            PlatformTx::new()
                .with(insert_organisation(1))
                .with(insert_tenant(1))
                .with(PlatformWrite::AppendEvent(Box::new(event(1))))
                .with(PlatformWrite::Within(tenant(1).id, twins)),
        )
        .await;
    assert!(matches!(refusal, Err(StoreError::Conflict(_))), "{refusal:?}");
    assert_eq!(store.organisation(organisation(1).id).await.unwrap(), None);
    assert_eq!(store.tenant(tenant(1).id).await.unwrap(), None);
    assert!(store.platform_events(ALL).await.unwrap().is_empty());

    let nobody = tx([TenantWrite::InsertUser(Box::new(user(1)))]);
    let refusal = store
        .commit(
            PlatformTx::new().with(insert_organisation(1)).with(PlatformWrite::Within(tenant(9).id, nobody)),
        )
        .await;
    assert_eq!(refusal, Err(StoreError::Stale(Entity::Tenant)));
    assert_eq!(store.organisation(organisation(1).id).await.unwrap(), None);
}

pub(super) async fn the_platforms_log_is_its_own(store: &Arc<dyn Store>) {
    let [scoped] = open(store, [1]).await;
    let own = tx([TenantWrite::AppendEvent(Box::new(event(1)))]);
    let platform = [2, 4, 3]
        .into_iter()
        .fold(PlatformTx::new(), |made, n| made.with(PlatformWrite::AppendEvent(Box::new(event(n)))));
    store.commit(platform.with(PlatformWrite::Within(tenant(1).id, own))).await.unwrap();
    assert_eq!(scoped.events(ALL).await.unwrap(), [event(1)]);
    assert_eq!(store.platform_events(ALL).await.unwrap(), [event(4), event(3), event(2)]);
    let page = Page { before: Some(event(4).id.to_bytes()), limit: 1 };
    assert_eq!(store.platform_events(page).await.unwrap(), [event(3)]);
}

pub(super) async fn organisations_and_tenants_are_listed_newest_first(store: &Arc<dyn Store>) {
    let made =
        [2, 5, 1, 4, 3].into_iter().fold(PlatformTx::new(), |made, n| made.with(insert_organisation(n)));
    let made = [3, 1, 2].into_iter().fold(made, |made, n| made.with(insert_tenant(n)));
    store.commit(made).await.unwrap();
    assert_eq!(
        store.organisations(ALL).await.unwrap(),
        [organisation(5), organisation(4), organisation(3), organisation(2), organisation(1)]
    );
    let page = Page { before: Some(organisation(4).id.to_bytes()), limit: 2 };
    assert_eq!(store.organisations(page).await.unwrap(), [organisation(3), organisation(2)]);
    assert_eq!(store.tenants(ALL).await.unwrap(), [tenant(3), tenant(2), tenant(1)]);
    let page = Page { before: Some(tenant(3).id.to_bytes()), limit: 1 };
    assert_eq!(store.tenants(page).await.unwrap(), [tenant(2)]);
}
