//! How soon a change is seen: our own at once, another process's after 250 ms of clock.

use intelliauth_engine::{
    applications::{self, ApplicationChange},
    keys, oauth,
    oauth::OAuthError,
    tenants::{self, TenantChange},
    users,
};
use intelliauth_model::{ApplicationKind, KeyAlgorithm};

use crate::support::Process;

/// How long a snapshot is trusted, in milliseconds.
const TRUSTED: i64 = 250;

#[tokio::test]
async fn our_own_changes_are_seen_at_once() {
    let process = Process::new().await;
    let client = process.application(ApplicationKind::M2m).await;
    let id = client.application.id;
    let token = process.token(&client).await.unwrap();
    assert!(process.active(&client, &token).await);
    let tenancy = process.tenancy().await;
    applications::revoke_tokens(&tenancy, &process.operator(), id).await.unwrap();
    assert!(!process.active(&client, &token).await);
    applications::set_enabled(&tenancy, &process.operator(), id, false).await.unwrap();
    assert_eq!(process.token(&client).await, Err(OAuthError::InvalidClient));
    applications::set_enabled(&tenancy, &process.operator(), id, true).await.unwrap();
    process.token(&client).await.unwrap();
    process.clock.advance_ms(1_000);
    let tenancy = process.tenancy().await;
    let before = oauth::jwks(&tenancy).etag;
    keys::rotate(&tenancy, &process.operator(), KeyAlgorithm::ES256, true).await.unwrap();
    assert_ne!(oauth::jwks(&process.tenancy().await).etag, before);
}

#[tokio::test]
async fn another_processs_changes_are_seen_after_the_trusted_moment() {
    let here = Process::new().await;
    let there = here.beside();
    let client = here.application(ApplicationKind::M2m).await;
    let id = client.application.id;
    let token = here.token(&client).await.unwrap();
    assert!(there.active(&client, &token).await);
    applications::revoke_tokens(&here.tenancy().await, &here.operator(), id).await.unwrap();
    // Not necessarily at once; this pins that the store is not asked for each request.
    here.clock.advance_ms(TRUSTED - 1);
    assert!(there.active(&client, &token).await);
    here.clock.advance_ms(1);
    assert!(!there.active(&client, &token).await, "a revocation was not seen");

    applications::set_enabled(&here.tenancy().await, &here.operator(), id, false).await.unwrap();
    here.clock.advance_ms(TRUSTED);
    assert_eq!(there.token(&client).await, Err(OAuthError::InvalidClient));
    applications::set_enabled(&here.tenancy().await, &here.operator(), id, true).await.unwrap();
    here.clock.advance_ms(TRUSTED);
    there.token(&client).await.unwrap();

    here.clock.advance_ms(1_000);
    let change = ApplicationChange { access_token_seconds: Some(60), ..Default::default() };
    applications::update(&here.tenancy().await, &here.operator(), id, change).await.unwrap();
    keys::rotate(&here.tenancy().await, &here.operator(), KeyAlgorithm::ES256, true).await.unwrap();
    here.clock.advance_ms(TRUSTED);
    let (ours, theirs) = (oauth::jwks(&here.tenancy().await), oauth::jwks(&there.tenancy().await));
    assert_eq!(ours.json, theirs.json);
    // What one signs with the new key the other takes.
    let token = here.token(&client).await.unwrap();
    assert!(there.active(&client, &token).await);
}

/// A clock that goes back must not make a snapshot trusted for ever.
#[tokio::test]
async fn a_clock_that_goes_back_does_not_freeze_the_view() {
    let here = Process::new().await;
    let there = here.beside();
    let client = here.application(ApplicationKind::M2m).await;
    there.token(&client).await.unwrap();
    here.clock.advance_ms(-3_600_000);
    let tenancy = here.tenancy().await;
    applications::set_enabled(&tenancy, &here.operator(), client.application.id, false).await.unwrap();
    here.clock.advance_ms(250);
    assert_eq!(there.token(&client).await, Err(OAuthError::InvalidClient));
}

#[tokio::test]
async fn a_tenant_disabled_elsewhere_is_gone_after_the_trusted_moment() {
    let here = Process::new().await;
    let there = here.beside();
    tenants::resolve(&there.engine, "localhost:8480").await.unwrap();
    let off = TenantChange { enabled: Some(false), ..Default::default() };
    tenants::update(&here.tenancy().await, &here.operator(), off).await.unwrap();
    here.clock.advance_ms(TRUSTED);
    assert!(tenants::resolve(&there.engine, "localhost:8480").await.is_err());
    assert!(tenants::resolve(&here.engine, "localhost:8480").await.is_err());
    let on = TenantChange { enabled: Some(true), ..Default::default() };
    tenants::update(&here.tenancy().await, &here.operator(), on).await.unwrap();
    tenants::resolve(&here.engine, "localhost:8480").await.unwrap();
}

/// People are not cached at all.
#[tokio::test]
async fn users_are_read_each_time() {
    let here = Process::new().await;
    let there = here.beside();
    let user = here.user("ada@example.com").await;
    let tenancy = there.tenancy().await;
    users::delete(&here.tenancy().await, &here.operator(), user.id).await.unwrap();
    assert!(users::get(&tenancy, &there.operator(), user.id).await.is_err());
}
