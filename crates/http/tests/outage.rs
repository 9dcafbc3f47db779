//! A store that cannot be had is our fault and says so: 503, never 401, and nothing half done.

use std::{sync::atomic::Ordering, time::Duration};

use intelliauth_http::Limits;
use intelliauth_model::ApplicationKind;
use serde_json::json;

use crate::support::{API, App, Options, Outage};

#[tokio::test]
async fn an_unreachable_store_is_503_everywhere_and_never_401() {
    let site = App::start().await;
    let admin = site.admin().await;
    let client = site.client(ApplicationKind::M2m, "", &[API]).await;
    let token = site.token(&client, &[]).await;
    let id = site.user().await.id;
    site.clock().advance(1);
    site.app.store.set(Outage::Unreachable);
    let path = format!("/api/v1/users/{id}");
    let form = |path: &str| {
        let body = [("grant_type", "client_credentials"), ("token", &*token)];
        site.anon().form(path, &body).header("authorization", client.basic())
    };
    for answer in [
        admin.get("/api/v1/users").await,
        admin.get(&path).await,
        admin.post("/api/v1/users", &json!({ "email": "a@example.com" })).await,
        admin.patch(&path, &json!({ "name": "x" })).await,
        admin.delete(&path).await,
        admin.get("/api/v1/applications").await,
        form("/oauth2/token").await,
        form("/oauth2/introspect").await,
        form("/oauth2/revoke").await,
        site.anon().get("/oauth2/revocations").await,
        site.anon().get("/.well-known/jwks.json").await,
        site.anon().get("/readyz").await,
    ] {
        let answer = answer.refused(503, "temporarily_unavailable");
        let text = String::from_utf8(answer.body).unwrap();
        assert!(!text.contains("secret-host"), "what is wrong inside is not for strangers: {text}");
        assert!(!answer.headers.contains_key("www-authenticate"));
    }
    site.anon().get("/healthz").await.expect(200);
    site.app.store.set(Outage::None);
    admin.get(&path).await.expect(200);
    site.clock().advance(1);
    site.anon().get("/readyz").await.expect(200);
}

/// Within the moment a snapshot is trusted the store is not asked; what then needs it says 503 all the same.
#[tokio::test]
async fn a_store_lost_within_the_trusted_moment_is_503_too() {
    let site = App::start().await;
    let (known, strange) = (site.machine_client(&["users:read"]).await, site.machine_client(&[]).await);
    let actor = site.act_as(&known).await;
    actor.get("/api/v1/users").await.expect(200);
    site.app.store.set(Outage::Unreachable);
    actor.get("/api/v1/users").await.refused(503, "temporarily_unavailable");
    let sent = site.anon().form("/oauth2/token", &[("grant_type", "client_credentials")]);
    // Not "invalid_client": whether this client exists cannot be said now.
    let answer = sent.header("authorization", strange.basic()).await;
    answer.refused(503, "temporarily_unavailable");
}

#[tokio::test]
async fn a_full_disk_stops_writes_and_nothing_else() {
    let site = App::start().await;
    let admin = site.admin().await;
    let client = site.client(ApplicationKind::M2m, "", &[API]).await;
    let user = site.user().await;
    let path = format!("/api/v1/users/{}", user.id);
    site.clock().advance(1);
    site.app.store.set(Outage::ReadOnly);
    admin.get(&path).await.expect(200);
    let token = site.token(&client, &[]).await;
    site.anon().get("/oauth2/revocations").await.expect(200);
    admin.delete(&path).await.refused(503, "temporarily_unavailable");
    let sent = site.anon().form("/oauth2/revoke", &[("token", &token)]);
    // A revocation that did not happen must not look as if it had.
    sent.header("authorization", client.basic()).await.refused(503, "temporarily_unavailable");
    site.app.store.set(Outage::None);
    let sent = site.anon().form("/oauth2/introspect", &[("token", &token)]);
    let answer = sent.header("authorization", client.basic()).await.expect(200);
    assert_eq!(answer.json["active"], true);
    admin.delete(&path).await.expect(204);
}

/// Readiness is proved by a write, and anybody may ask: a flood of questions filled the writer's queue.
#[tokio::test]
async fn bug_each_question_for_readiness_was_a_write() {
    let site = App::start().await;
    let pings = || site.app.store.pings.load(Ordering::SeqCst);
    for _ in 0..50 {
        site.anon().get("/readyz").await.expect(200);
    }
    assert_eq!(pings(), 1);
    site.app.store.set(Outage::ReadOnly);
    site.clock().advance(1);
    for _ in 0..50 {
        site.anon().get("/readyz").await.refused(503, "temporarily_unavailable");
    }
    assert_eq!(pings(), 2);
    site.app.store.set(Outage::None);
    site.clock().advance(1);
    site.anon().get("/readyz").await.expect(200);
}

/// 408 tells the caller that it was too slow; a store that hangs is not the caller's fault.
#[tokio::test]
async fn bug_a_store_that_hangs_was_408() {
    let limits = Limits { request_time: Duration::from_millis(50), ..Limits::default() };
    let site = App::with(Options { limits, ..Options::default() }).await;
    let client = site.machine_client(&["users:write"]).await;
    site.app.store.set(Outage::Hangs);
    site.clock().advance(1);
    let sent = site.anon().form("/oauth2/token", &[("grant_type", "client_credentials")]);
    let form = sent.header("authorization", client.basic()).await;
    let documents = [site.anon().get("/.well-known/jwks.json").await, site.anon().get("/readyz").await];
    for answer in documents.into_iter().chain([form]) {
        let answer = answer.refused(503, "temporarily_unavailable");
        assert_eq!(answer.header("connection"), "close");
    }
    // And when it is back, nothing that was given up stands in the way.
    site.app.store.set(Outage::None);
    site.anon().get("/.well-known/jwks.json").await.expect(200);
}

/// The write happened, the answer was lost. Whoever repeats under the same key gets what it made.
#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again() {
    let site = App::start().await;
    let admin = site.admin().await;
    let body = json!({ "email": "ada@example.com" });
    let post = || admin.post("/api/v1/users", &body).header("idempotency-key", "k1");
    site.app.store.set(Outage::LosesAnswers);
    post().await.refused(503, "temporarily_unavailable");
    site.app.store.set(Outage::None);
    let made = post().await.expect(201);
    let listed = admin.get("/api/v1/users").await.expect(200);
    assert_eq!(listed.json["data"], json!([made.data()]));
}

/// A revocation whose answer was lost may have happened, so the caches must not be trusted any longer.
#[tokio::test]
async fn a_revocation_whose_answer_was_lost_is_seen_at_once() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read"]).await;
    let actor = site.act_as(&client).await;
    actor.get("/api/v1/users").await.expect(200);
    let admin = site.admin().await;
    site.app.store.set(Outage::LosesAnswers);
    let path = format!("/api/v1/applications/{}", client.id);
    admin.delete(&path).await.refused(503, "temporarily_unavailable");
    actor.get("/api/v1/users").await.refused(401, "token_revoked");
}
