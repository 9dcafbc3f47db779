use std::sync::Arc;

use intelliauth_model::{Application, ApplicationKind, ApplicationState, KeyAlgorithm, ScopeSet, Version};

use super::fixtures::{ALL, END, NOW, application, application_id, open_one, put, secret};
use crate::{Constraint, Entity, Page, Store, StoreError, TenantWrite};

fn insert(row: &Application) -> TenantWrite {
    TenantWrite::InsertApplication(Box::new(row.clone()))
}

fn update(row: &Application, expected: i64) -> TenantWrite {
    TenantWrite::UpdateApplication { application: Box::new(row.clone()), expected: Version(expected) }
}

fn delete(n: u64, expected: i64) -> TenantWrite {
    TenantWrite::DeleteApplication { id: application_id(n), expected: Version(expected) }
}

fn insert_secret(n: u64, of: u64) -> TenantWrite {
    TenantWrite::InsertClientSecret(Box::new(secret(n, of)))
}

pub(super) async fn applications_come_back_as_they_went_in(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let kinds = [ApplicationKind::Spa, ApplicationKind::Native, ApplicationKind::Web, ApplicationKind::M2m];
    let algorithms = [None, Some(KeyAlgorithm::RS256), Some(KeyAlgorithm::ES256), Some(KeyAlgorithm::EdDSA)];
    for (n, (kind, signing_algorithm)) in (1..).zip(kinds.into_iter().zip(algorithms)) {
        let row = Application { kind, signing_algorithm, ..application(n) };
        put(&tenant, [insert(&row)]).await.unwrap();
        assert_eq!(tenant.application(row.id).await.unwrap(), Some(row));
    }
    let bare = Application {
        state: ApplicationState::Disabled { since: NOW },
        redirect_uris: Vec::new(),
        allowed_origins: vec!["b".to_owned(), "a".to_owned(), "b".to_owned()],
        allowed_scopes: ScopeSet::default(),
        audiences: Vec::new(),
        access_token_seconds: u32::MAX,
        ..application(9)
    };
    put(&tenant, [insert(&bare)]).await.unwrap();
    assert_eq!(tenant.application(bare.id).await.unwrap(), Some(bare), "lists keep order and repeats");
    assert_eq!(tenant.application(application_id(10)).await.unwrap(), None);
    assert_eq!(
        put(&tenant, [insert(&application(9))]).await,
        Err(StoreError::Conflict(Constraint::PrimaryKey))
    );
}

pub(super) async fn an_application_update_names_its_revision(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&application(1))]).await.unwrap();
    let row = Application {
        name: "New name".to_owned(),
        state: ApplicationState::Disabled { since: NOW },
        redirect_uris: Vec::new(),
        allowed_origins: vec!["https://new.example.com".to_owned()],
        allowed_scopes: "openid".parse().unwrap(),
        audiences: vec!["other".parse().unwrap()],
        access_token_seconds: 60,
        signing_algorithm: Some(KeyAlgorithm::ES256),
        version: Version(2),
        updated_at: NOW.plus_seconds(1),
        ..application(1)
    };
    put(&tenant, [update(&row, 1)]).await.unwrap();
    assert_eq!(tenant.application(row.id).await.unwrap().as_ref(), Some(&row));
    let stale = Err(StoreError::Stale(Entity::Application));
    assert_eq!(put(&tenant, [update(&row, 1)]).await, stale);
    assert_eq!(put(&tenant, [update(&application(2), 1)]).await, stale);
    assert_eq!(tenant.application(row.id).await.unwrap(), Some(row));
}

pub(super) async fn an_application_goes_with_its_secrets(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&application(1)), insert(&application(2))]).await.unwrap();
    put(&tenant, [insert_secret(1, 1), insert_secret(2, 1), insert_secret(3, 2)]).await.unwrap();
    let stale = Err(StoreError::Stale(Entity::Application));
    assert_eq!(put(&tenant, [delete(1, 2)]).await, stale);
    assert_eq!(tenant.client_secrets(application_id(1)).await.unwrap().len(), 2, "nothing was done");
    put(&tenant, [delete(1, 1)]).await.unwrap();
    assert_eq!(tenant.application(application_id(1)).await.unwrap(), None);
    assert_eq!(tenant.client_secrets(application_id(1)).await.unwrap(), []);
    assert_eq!(tenant.client_secrets(application_id(2)).await.unwrap(), [secret(3, 2)]);
    assert_eq!(put(&tenant, [delete(1, 1)]).await, stale, "it is gone");
}

pub(super) async fn applications_are_listed_newest_first(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [3, 1, 4, 2].map(|n| insert(&application(n)))).await.unwrap();
    assert_eq!(tenant.applications(ALL).await.unwrap(), [4, 3, 2, 1].map(application));
    let page = Page { before: Some(application_id(4).to_bytes()), limit: 2 };
    assert_eq!(tenant.applications(page).await.unwrap(), [3, 2].map(application));
    let end = Page { before: Some(application_id(1).to_bytes()), limit: 2 };
    assert_eq!(tenant.applications(end).await.unwrap(), []);
}

pub(super) async fn secrets_are_listed_newest_first(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&application(1)), insert(&application(2))]).await.unwrap();
    let mut ending = secret(3, 1);
    ending.expires_at = Some(END);
    put(&tenant, [insert_secret(2, 1), insert_secret(1, 1), insert_secret(4, 2)]).await.unwrap();
    put(&tenant, [TenantWrite::InsertClientSecret(Box::new(ending.clone()))]).await.unwrap();
    let listed = tenant.client_secrets(application_id(1)).await.unwrap();
    assert_eq!(listed, [ending, secret(2, 1), secret(1, 1)]);
    put(&tenant, [TenantWrite::DeleteClientSecret(secret(2, 1).id)]).await.unwrap();
    assert_eq!(tenant.client_secrets(application_id(1)).await.unwrap().len(), 2);
    assert_eq!(
        put(&tenant, [TenantWrite::DeleteClientSecret(secret(2, 1).id)]).await,
        Err(StoreError::Stale(Entity::ClientSecret))
    );
}

pub(super) async fn a_secret_expires_once(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&application(1)), insert_secret(1, 1)]).await.unwrap();
    let expire = |n| [TenantWrite::ExpireClientSecret { id: secret(n, 1).id, at: END }];
    put(&tenant, expire(1)).await.unwrap();
    let listed = tenant.client_secrets(application_id(1)).await.unwrap();
    assert_eq!(listed[0].expires_at, Some(END));
    // A second rotation must not lengthen the life of a secret already on its way out.
    let stale = Err(StoreError::Stale(Entity::ClientSecret));
    assert_eq!(put(&tenant, expire(1)).await, stale);
    assert_eq!(put(&tenant, expire(2)).await, stale);
}

pub(super) async fn a_secret_needs_its_application(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    assert_eq!(put(&tenant, [insert_secret(1, 1)]).await, Err(StoreError::Stale(Entity::Application)));
    assert_eq!(tenant.client_secrets(application_id(1)).await.unwrap(), []);
}
