//! `/api/v1/applications`.

use intelliauth_engine::{applications, tenants::TenantChange};
use intelliauth_model::{ApplicationKind, KeyAlgorithm};
use serde_json::{Value, json};

use crate::support::{API, App, Client, Site, header};

async fn answers(site: &Site, client: &Client) -> u16 {
    let sent = site.anon().form("/oauth2/token", &[("grant_type", "client_credentials")]);
    sent.header("authorization", client.basic()).await.status
}

#[tokio::test]
async fn an_application_can_be_made_read_changed_and_deleted() {
    let site = App::start().await;
    let admin = site.admin().await;
    let sent = json!({
        "name": "Back office", "type": "web", "redirect_uris": ["https://app.example.com/cb"],
        "allowed_origins": ["https://app.example.com"], "allowed_scopes": ["openid", "email", "openid"],
        "audiences": [API, API], "access_token_lifetime_seconds": 600, "signing_algorithm": "EdDSA",
    });
    let made = admin.post("/api/v1/applications", &sent).await.expect(201);
    let (id, secret) = (made.text("id"), made.text("client_secret"));
    assert!(id.starts_with("app_") && id.len() == 30, "{id}");
    assert!(secret.starts_with("ias_") && secret.len() == 47, "{secret}");
    let expected = json!({
        "id": id, "client_id": id, "name": "Back office", "type": "web", "status": "enabled",
        "redirect_uris": ["https://app.example.com/cb"], "allowed_origins": ["https://app.example.com"],
        "allowed_scopes": ["email", "openid"], "audiences": [API], "access_token_lifetime_seconds": 600,
        "signing_algorithm": "EdDSA", "created_at": "2026-09-21T14:13:20.000Z",
        "updated_at": "2026-09-21T14:13:20.000Z", "version": 1,
    });
    let path = format!("/api/v1/applications/{id}");
    // The class of attack L: whoever may look does not see the secret.
    assert_eq!(admin.get(&path).await.expect(200).data(), expected);

    site.clock().advance(1);
    let change = json!({ "name": "Front office", "signing_algorithm": null, "redirect_uris": [] });
    let changed = admin.patch(&path, &change).await.expect(200).data();
    assert_eq!(changed["name"], "Front office");
    assert_eq!(changed["signing_algorithm"], Value::Null);
    assert_eq!(changed["redirect_uris"], json!([]));
    assert_eq!(changed["allowed_origins"], expected["allowed_origins"]);
    assert_eq!(changed["access_token_lifetime_seconds"], 600);
    assert_eq!(changed["version"], 2);

    admin.delete(&path).await.expect(204);
    admin.get(&path).await.refused(404, "not_found");
    admin.delete(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_defaults_are_an_hour_and_the_tenants_algorithm() {
    let site = App::start().await;
    let made = site.admin().await.post("/api/v1/applications", &json!({ "name": "x", "type": "m2m" })).await;
    let made = made.expect(201);
    assert_eq!(made.data()["access_token_lifetime_seconds"], 3600);
    assert_eq!(made.data()["signing_algorithm"], Value::Null);
    assert_eq!(made.data()["allowed_scopes"], json!([]));
}

/// Attack class: mass assignment, CVE-2026-15572 (type swapped on update).
#[tokio::test]
async fn unknown_and_fixed_fields_are_refused() {
    let site = App::start().await;
    let admin = site.admin().await;
    let made = admin.post("/api/v1/applications", &json!({ "name": "x", "type": "spa" })).await.expect(201);
    let path = format!("/api/v1/applications/{}", made.text("id"));
    let before = admin.get(&path).await.data();
    for field in ["tenant_id", "id", "client_id", "client_secret", "status", "created_at", "version", "hash"]
    {
        let body = json!({ "name": "y", "type": "m2m", field: "z" });
        admin.post("/api/v1/applications", &body).await.refused(400, "invalid_request");
        admin.patch(&path, &json!({ field: "z" })).await.refused(400, "invalid_request");
    }
    admin.patch(&path, &json!({ "type": "m2m" })).await.refused(400, "invalid_request");
    assert_eq!(admin.get(&path).await.data(), before);
}

#[tokio::test]
async fn bug_null_was_taken_for_leave_it() {
    let site = App::start().await;
    let admin = site.admin().await;
    let made = admin.post("/api/v1/applications", &json!({ "name": "x", "type": "spa" })).await.expect(201);
    let path = format!("/api/v1/applications/{}", made.text("id"));
    for field in [
        "name",
        "redirect_uris",
        "allowed_origins",
        "allowed_scopes",
        "audiences",
        "access_token_lifetime_seconds",
    ] {
        let body = json!({ "signing_algorithm": "RS256", field: null });
        let refused = admin.patch(&path, &body).await.refused(400, "invalid_request");
        assert_eq!(refused.fields(), [field]);
    }
    assert_eq!(admin.get(&path).await.data(), made.data());
}

#[tokio::test]
async fn a_change_that_changes_nothing_leaves_no_trace() {
    let site = App::start().await;
    let admin = site.admin().await;
    let full = json!({ "name": "x", "type": "web", "allowed_scopes": ["b", "a"], "audiences": [API] });
    let made = admin.post("/api/v1/applications", &full).await.expect(201);
    let path = format!("/api/v1/applications/{}", made.text("id"));
    let mut before = made.data();
    before.as_object_mut().unwrap().remove("client_secret");
    let events = site.events().await;
    site.clock().advance(1);
    let again = json!({
        "name": "x", "allowed_scopes": ["a", "b", "a"], "audiences": [API], "redirect_uris": [],
        "access_token_lifetime_seconds": 3600, "signing_algorithm": null,
    });
    for same in [json!({}), again] {
        assert_eq!(admin.patch(&path, &same).await.expect(200).data(), before, "{same}");
    }
    assert_eq!((site.events().await, admin.get(&path).await.data()), (events, before));
    admin.patch(&path, &json!({ "name": "y" })).await.expect(200);
    assert_eq!(site.events().await, events + 1);
}

#[tokio::test]
async fn bad_values_are_named() {
    let site = App::start().await;
    let admin = site.admin().await;
    let many: Vec<String> = (0..51).map(|n| format!("https://a{n}.example.com")).collect();
    let scopes: Vec<String> = (0..101).map(|n| format!("s{n}")).collect();
    for (field, value) in [
        ("type", json!("M2M")),
        ("type", json!("")),
        ("name", json!("")),
        ("name", json!("x".repeat(101))),
        ("name", json!("a\nb")),
        ("redirect_uris", json!(["http://example.com/cb"])),
        ("redirect_uris", json!(["https://localhost:80@evil.example/"])),
        ("redirect_uris", json!(["https://a.example/#f"])),
        ("redirect_uris", json!(many)),
        ("allowed_origins", json!(["https://a.example/"])),
        ("allowed_origins", json!(["*"])),
        ("allowed_origins", json!(many)),
        ("allowed_scopes", json!(["a b"])),
        ("allowed_scopes", json!([""])),
        ("allowed_scopes", json!(scopes)),
        ("audiences", json!(["unknown.example"])),
        ("audiences", json!(["a b"])),
        ("access_token_lifetime_seconds", json!(59)),
        ("access_token_lifetime_seconds", json!(86_401)),
        ("signing_algorithm", json!("none")),
        ("signing_algorithm", json!("HS256")),
        ("signing_algorithm", json!("rs256")),
    ] {
        let mut body = json!({ "name": "x", "type": "spa" });
        body[field] = value.clone();
        let answer = admin.post("/api/v1/applications", &body).await.refused(400, "invalid_request");
        assert!(
            answer.fields().iter().all(|named| *named == field) && !answer.fields().is_empty(),
            "{value}"
        );
    }
    let machine = json!({ "name": "x", "type": "m2m", "redirect_uris": ["https://a.example/cb"] });
    let answer = admin.post("/api/v1/applications", &machine).await.refused(400, "invalid_request");
    assert_eq!(answer.fields(), ["redirect_uris"]);
}

/// The URL parser reads `https:evil` and `https:///evil` as `https://evil`; browsers and libraries do not
/// agree on that, and what is registered must mean the same to everybody.
#[tokio::test]
async fn bug_redirect_uris_without_two_slashes_were_taken() {
    let site = App::start().await;
    let admin = site.admin().await;
    for uri in ["https:app.example.com/cb", "https:/app.example.com/cb", "https:///app.example.com/cb"] {
        let body = json!({ "name": "x", "type": "web", "redirect_uris": [uri] });
        let answer = admin.post("/api/v1/applications", &body).await;
        assert_eq!((answer.status, answer.fields()), (400, vec!["redirect_uris"]), "{uri}");
    }
}

#[tokio::test]
async fn public_applications_have_no_secret() {
    let site = App::start().await;
    let admin = site.admin().await;
    for (kind, confidential) in [("spa", false), ("native", false), ("web", true), ("m2m", true)] {
        let made =
            admin.post("/api/v1/applications", &json!({ "name": "x", "type": kind })).await.expect(201);
        assert_eq!(made.data().get("client_secret").is_some(), confidential, "{kind}");
        let path = format!("/api/v1/applications/{}/rotate-secret", made.text("id"));
        let rotated = admin.request(axum::http::Method::POST, &path).await;
        assert_eq!(rotated.status, if confidential { 200 } else { 400 }, "{kind}");
    }
}

#[tokio::test]
async fn two_secrets_live_during_a_rotation_and_then_one() {
    let site = App::start().await;
    let client = site.machine_client(&[]).await;
    let path = format!("/api/v1/applications/{}/rotate-secret", client.id);
    let admin = site.admin().await;
    let rotate = async || {
        let rotated = admin.request(axum::http::Method::POST, &path).await.expect(200);
        let next = Client { secret: rotated.text("client_secret"), ..client.clone() };
        (next, rotated.data()["previous_expires_at"].clone())
    };
    let (second, until) = rotate().await;
    assert_eq!(until, "2026-09-24T14:13:20.000Z", "72 hours");
    assert_eq!((answers(&site, &client).await, answers(&site, &second).await), (200, 200));
    // By the clock alone, without anybody cleaning up.
    site.clock().advance(72 * 3600 - 1);
    assert_eq!((answers(&site, &client).await, answers(&site, &second).await), (200, 200));
    site.clock().advance(1);
    assert_eq!((answers(&site, &client).await, answers(&site, &second).await), (401, 200));
}

/// The class of attack K: "can only grant what you hold", directly or by way of another application.
#[tokio::test]
async fn nobody_grants_integrator_scopes_they_do_not_hold() {
    let site = App::start().await;
    let clerk = site.machine(&["applications:write", "applications:read"]).await;
    let mighty = site.machine_client(&["users:read"]).await;
    let plain = site.machine_client(&["applications:read"]).await;
    let body = |scopes: &[&str]| json!({ "name": "x", "type": "m2m", "allowed_scopes": scopes });
    let made = clerk.post("/api/v1/applications", &body(&["users:write"])).await;
    made.refused(403, "forbidden");
    clerk.post("/api/v1/applications", &body(&["applications:write", "openid"])).await.expect(201);

    let path = |client: &Client| format!("/api/v1/applications/{}", client.id);
    let grant = json!({ "allowed_scopes": ["applications:read", "users:read"] });
    clerk.patch(&path(&plain), &grant).await.refused(403, "forbidden");
    // Not even a change that grants nothing, nor a secret, nor the end of a mightier one.
    clerk.patch(&path(&mighty), &json!({ "name": "y" })).await.refused(403, "forbidden");
    clerk.patch(&path(&mighty), &json!({ "allowed_scopes": [] })).await.refused(403, "forbidden");
    let rotate = format!("{}/rotate-secret", path(&mighty));
    clerk.request(axum::http::Method::POST, &rotate).await.refused(403, "forbidden");
    clerk.delete(&path(&mighty)).await.refused(403, "forbidden");
    assert_eq!(answers(&site, &mighty).await, 200);
    // Looking is allowed, and so is everything on an application no mightier than oneself.
    clerk.get(&path(&mighty)).await.expect(200);
    clerk.patch(&path(&plain), &json!({ "name": "y" })).await.expect(200);
    clerk.delete(&path(&plain)).await.expect(204);
}

/// Scopes taken from an application count no more, though its tokens carry them.
#[tokio::test]
async fn a_scope_taken_away_is_gone_at_once() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read", "applications:read"]).await;
    let actor = site.act_as(&client).await;
    actor.get("/api/v1/users").await.expect(200);
    let path = format!("/api/v1/applications/{}", client.id);
    let admin = site.admin().await;
    admin.patch(&path, &json!({ "allowed_scopes": ["applications:read"] })).await.expect(200);
    actor.get("/api/v1/users").await.refused(403, "insufficient_scope");
    actor.get("/api/v1/applications").await.expect(200);
}

/// The same for the API itself: who may no longer ask for tokens to it may not use those it has.
#[tokio::test]
async fn bug_the_management_api_taken_away_stayed_usable() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read"]).await;
    let actor = site.act_as(&client).await;
    let path = format!("/api/v1/applications/{}", client.id);
    site.admin().await.patch(&path, &json!({ "audiences": [API] })).await.expect(200);
    actor.get("/api/v1/users").await.refused(401, "invalid_token");
}

#[tokio::test]
async fn deleting_and_disabling_end_secrets_and_tokens() {
    let site = App::start().await;
    let admin = site.admin().await;
    let client = site.machine_client(&["users:read"]).await;
    let actor = site.act_as(&client).await;
    admin.delete(&format!("/api/v1/applications/{}", client.id)).await.expect(204);
    assert_eq!(answers(&site, &client).await, 401);
    actor.get("/api/v1/users").await.refused(401, "token_revoked");

    let client = site.machine_client(&["users:read"]).await;
    let actor = site.act_as(&client).await;
    let set = async |enabled| {
        let (tenancy, operator) = (site.tenancy().await, site.operator());
        applications::set_enabled(&tenancy, &operator, client.id, enabled).await.expect("a change");
    };
    set(false).await;
    assert_eq!(answers(&site, &client).await, 401);
    actor.get("/api/v1/users").await.refused(401, "token_revoked");
    let shown = admin.get(&format!("/api/v1/applications/{}", client.id)).await.expect(200);
    assert_eq!(shown.data()["status"], "disabled");
    set(true).await;
    actor.get("/api/v1/users").await.refused(401, "token_revoked");
    site.act_as(&client).await.get("/api/v1/users").await.expect(200);
}

#[tokio::test]
async fn an_applications_algorithm_and_the_tenants_take_effect_at_once() {
    let site = App::start().await;
    let admin = site.admin().await;
    let client = site.machine_client(&["users:read"]).await;
    let path = format!("/api/v1/applications/{}", client.id);
    assert_eq!(header(&site.token(&client, &[]).await)["alg"], "ES256");
    for algorithm in ["EdDSA", "RS256", "ES256"] {
        admin.patch(&path, &json!({ "signing_algorithm": algorithm })).await.expect(200);
        let token = site.token(&client, &[]).await;
        assert_eq!(header(&token)["alg"], algorithm);
        site.anon().bearing(&token).get("/api/v1/users").await.expect(200);
    }
    site.settings(|settings| settings.signing_algorithm = KeyAlgorithm::EdDSA).await;
    admin.patch(&path, &json!({ "signing_algorithm": null })).await.expect(200);
    assert_eq!(header(&site.token(&client, &[]).await)["alg"], "EdDSA");
}

#[tokio::test]
async fn the_management_audience_follows_the_tenants_url() {
    let mut site = App::start().await;
    let client = site.client(ApplicationKind::M2m, "users:read", &[&site.api_audience(), API]).await;
    let moved = "http://moved.localhost:8480".to_owned();
    site.change(TenantChange { issuer: Some(moved.parse().unwrap()), ..Default::default() }).await;
    site.url = moved;
    let token = site.token(&client, &[("audience", &site.api_audience())]).await;
    let shown = site.anon().bearing(&token).get("/api/v1/users").await;
    shown.expect(200);
}
