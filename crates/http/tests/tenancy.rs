//! Who gets in: every route of the document times every wrong credential, and one tenant against another.

use std::sync::Arc;

use axum::http::Method;
use intelliauth_engine::{
    Error,
    tenants::{self, TenantChange},
};
use intelliauth_model::ApplicationKind;
use serde_json::{Value, json};

use crate::support::{API, Actor, Answer, App, Options, Site, claims, resign, tamper};

/// Routes that need no access token, and why. Every other route is refused to everybody below.
const PUBLIC: &[(&str, &str)] = &[
    ("get", "/.well-known/jwks.json"),
    ("get", "/.well-known/oauth-authorization-server"),
    ("get", "/.well-known/openid-configuration"),
    // Signed, and ids in it are hashed.
    ("get", "/oauth2/revocations"),
    // These authenticate the client themselves.
    ("post", "/oauth2/introspect"),
    ("post", "/oauth2/revoke"),
    ("post", "/oauth2/token"),
];

/// The scope each protected route asks for.
const SCOPES: &[(&str, &str, &str)] = &[
    ("get", "/api/v1/applications", "applications:read"),
    ("post", "/api/v1/applications", "applications:write"),
    ("delete", "/api/v1/applications/{id}", "applications:write"),
    ("get", "/api/v1/applications/{id}", "applications:read"),
    ("patch", "/api/v1/applications/{id}", "applications:write"),
    ("post", "/api/v1/applications/{id}/rotate-secret", "applications:write"),
    ("get", "/api/v1/users", "users:read"),
    ("post", "/api/v1/users", "users:write"),
    ("delete", "/api/v1/users/{id}", "users:write"),
    ("get", "/api/v1/users/{id}", "users:read"),
    ("patch", "/api/v1/users/{id}", "users:write"),
];

fn routes() -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(&intelliauth_http::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        routes.extend(operations.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())));
    }
    routes.sort_by(|left, right| (&left.1, &left.0).cmp(&(&right.1, &right.0)));
    routes
}

/// What the paths name, in one tenant.
struct Things {
    user: String,
    application: String,
}

impl Things {
    async fn of(site: &Site) -> Self {
        let application = site.machine_client(&[]).await.id.to_string();
        Self { user: site.user().await.id.to_string(), application }
    }

    fn path(&self, path: &str) -> String {
        let id = if path.contains("/users") { &self.user } else { &self.application };
        path.replace("{id}", id)
    }
}

/// A request that the right caller would succeed with.
async fn send(actor: &Actor, method: &str, path: &str) -> Answer {
    let method: Method = method.to_uppercase().parse().unwrap();
    let body = match (&method, path) {
        (&Method::POST, "/api/v1/users") => json!({ "email": "new@example.com" }),
        (&Method::POST, "/api/v1/applications") => json!({ "name": "new", "type": "spa" }),
        _ => json!({}),
    };
    let sent = actor.request(method.clone(), path);
    if matches!(method, Method::POST | Method::PATCH) { sent.json(&body).await } else { sent.await }
}

#[test]
fn every_route_is_public_on_purpose_or_has_a_scope() {
    let mut expected: Vec<(String, String)> = PUBLIC
        .iter()
        .copied()
        .chain(SCOPES.iter().map(|(method, path, _)| (*method, *path)))
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    expected.sort_by(|left, right| (&left.1, &left.0).cmp(&(&right.1, &right.0)));
    assert_eq!(routes(), expected, "a route came or went: say above who may use it");
}

#[tokio::test]
async fn no_route_opens_to_a_wrong_credential() {
    let site = App::start().await;
    let things = Things::of(&site).await;
    let everything = ["users:read", "users:write", "applications:read", "applications:write"];
    let client = site.machine_client(&everything).await;
    let good = site.token(&client, &[]).await;
    let elsewhere = site.client(ApplicationKind::M2m, &everything.join(" "), &[API]).await;
    let neighbour = site.neighbour().await;
    let theirs = neighbour.machine_client(&everything).await;
    let expired = tamper(&good, |claims| claims["exp"] = json!(claims["exp"].as_i64().unwrap() - 7200));
    let anon = site.anon();
    let bearing = |token: &str| site.anon().bearing(token);
    let wrong = [
        ("no token", anon.clone(), 401, "missing_token"),
        (
            "another scheme",
            Actor { authorization: Some(client.basic()), ..anon.clone() },
            401,
            "missing_token",
        ),
        ("no scheme", Actor { authorization: Some(good.clone()), ..anon.clone() }, 401, "missing_token"),
        ("two tokens", bearing(&format!("{good} {good}")), 401, "missing_token"),
        ("garbage", bearing("garbage"), 401, "invalid_token"),
        ("three dots", bearing("a.b.c"), 401, "invalid_token"),
        ("a forged signature", bearing(&resign(&good)), 401, "invalid_token"),
        ("changed claims", bearing(&expired), 401, "invalid_token"),
        ("a token of the neighbour's", bearing(&neighbour.token(&theirs, &[]).await), 401, "invalid_token"),
        ("a user's token", bearing(&site.user_token(&site.api_audience()).await), 401, "invalid_token"),
        ("a user's for another API", bearing(&site.user_token(API).await), 401, "invalid_audience"),
        ("another audience", bearing(&site.token(&elsewhere, &[]).await), 401, "invalid_audience"),
        ("no scope at all", site.machine(&[]).await, 403, "insufficient_scope"),
    ];
    for (method, path, scope) in SCOPES {
        let sent = things.path(path);
        for (what, actor, status, code) in &wrong {
            let answer = send(actor, method, &sent).await;
            assert_eq!((answer.status, answer.code()), (*status, *code), "{what}: {method} {path}");
            let challenge = match *code {
                "missing_token" => "Bearer".to_owned(),
                "insufficient_scope" => format!(r#"Bearer error="insufficient_scope", scope="{scope}""#),
                _ => r#"Bearer error="invalid_token""#.to_owned(),
            };
            assert_eq!(answer.header("www-authenticate"), challenge, "{what}: {method} {path}");
        }
        let others: Vec<&str> = everything.iter().copied().filter(|held| held != scope).collect();
        let answer = send(&site.machine(&others).await, method, &sent).await;
        answer.refused(403, "insufficient_scope");
    }
    // And nothing of all that did anything.
    let admin = site.act_as(&client).await;
    assert_eq!(admin.get(&things.path("/api/v1/users/{id}")).await.expect(200).data()["version"], 1);
    assert_eq!(admin.get(&things.path("/api/v1/applications/{id}")).await.expect(200).data()["version"], 1);
}

#[tokio::test]
async fn the_right_scope_opens_each_route() {
    let site = App::start().await;
    for (method, path, scope) in SCOPES {
        let things = Things::of(&site).await;
        let answer = send(&site.machine(&[scope]).await, method, &things.path(path)).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.json);
    }
}

#[tokio::test]
async fn a_bearer_token_is_one_header_and_nothing_else() {
    let site = App::start().await;
    let token = site.token(&site.machine_client(&["users:read"]).await, &[]).await;
    let value = format!("Bearer {token}");
    let twice = site.anon().get("/api/v1/users").header("authorization", &value);
    twice.header("authorization", &value).await.refused(400, "invalid_request");
    for path in [format!("/api/v1/users?access_token={token}"), format!("/api/v1/users?token={token}")] {
        site.anon().get(&path).await.refused(401, "missing_token");
    }
    let cookie = site.anon().get("/api/v1/users").header("cookie", format!("access_token={token}"));
    cookie.await.refused(401, "missing_token");
    for good in [format!("bearer {token}"), format!("BEARER {token}")] {
        site.anon().get("/api/v1/users").header("authorization", good).await.expect(200);
    }
    for bad in ["Bearer", "Bearer ", &format!("Bearer  {token}"), &format!("Bearer {token} "), "\u{ff}"] {
        let answer = site.anon().get("/api/v1/users").header("authorization", bad).await;
        answer.refused(401, "missing_token");
    }
}

/// IDOR (CVE-2025-14777, CVE-2026-4630) and caches keyed by id alone (CVE-2026-94215): B's caller, A's ids,
/// in quick turn.
#[tokio::test]
async fn one_tenants_ids_are_nothing_under_another() {
    let site = App::start().await;
    let neighbour = site.neighbour().await;
    let (ours, theirs) = (Things::of(&site).await, Things::of(&neighbour).await);
    let (admin, stranger) = (site.admin().await, neighbour.admin().await);
    for (method, path, _) in SCOPES.iter().filter(|(_, path, _)| path.contains("{id}")) {
        send(&admin, "get", &ours.path(path.trim_end_matches("/rotate-secret"))).await.expect(200);
        send(&stranger, method, &ours.path(path)).await.refused(404, "not_found");
        send(&admin, method, &theirs.path(path)).await.refused(404, "not_found");
    }
    for (list, own) in [("/api/v1/users", &theirs.user), ("/api/v1/applications", &theirs.application)] {
        let chosen = stranger.get(&format!("{list}?limit=200&tenant_id={}", site.tenant)).await;
        chosen.refused(400, "invalid_request");
        let answer = stranger.get(&format!("{list}?limit=200")).await.expect(200);
        let text = answer.json.to_string();
        assert!(
            text.contains(own.as_str()) && !text.contains(&ours.user) && !text.contains(&ours.application)
        );
    }
    // A header does not choose the tenant.
    for header in ["x-tenant-id", "x-tenant", "x-organization-id"] {
        let answer = stranger.get(&ours.path("/api/v1/users/{id}")).header(header, site.tenant.to_string());
        answer.await.refused(404, "not_found");
    }
    // What was granted in one is not in the other: an application of ours with an audience of theirs.
    let body = json!({ "name": "x", "type": "m2m", "audiences": [neighbour.api_audience()] });
    admin.post("/api/v1/applications", &body).await.refused(400, "invalid_request");
}

#[tokio::test]
async fn an_unknown_host_has_nothing() {
    let site = App::start().await;
    let admin = site.admin().await;
    for host in [
        "evil.example",
        "localhost",
        "localhost:8481",
        "localhost:8480.",
        "localhost.:8480",
        "x.localhost:8480",
        "user@localhost:8480",
        "localhost:8480/",
        "[::1]:8480",
        "127.0.0.1:8480",
        "' OR 1=1 --",
    ] {
        let stranger = Actor { host: host.to_owned(), ..admin.clone() };
        for (method, path) in routes() {
            send(&stranger, &method, &path).await.refused(404, "not_found");
        }
        for page in ["/", "/admin", "/nothing"] {
            stranger.get(page).await.refused(404, "not_found");
        }
    }
    // Host names have no case.
    let shouting = Actor { host: "LOCALHOST:8480".to_owned(), ..admin };
    shouting.get("/api/v1/users").await.expect(200);
    // Whether the process lives is nobody's secret.
    let stranger = Actor { host: "evil.example".to_owned(), ..site.anon() };
    stranger.get("/healthz").await.expect(200);
    stranger.get("/readyz").await.expect(200);
}

/// A proxy or client that writes the default port out means the same host.
#[tokio::test]
async fn bug_the_default_port_made_a_host_nobodys() {
    let site = App::start().await;
    let (secure, plain) = ("https://id.example.com", "http://plain.localhost");
    let open = |slug, url| Site::open(Arc::clone(&site.app), slug, url);
    let tenant = open("secure", secure).await;
    open("plain", plain).await;
    open("odd", "https://odd.example.com:80").await;
    let issuer = async |host: &str| {
        let asked = Actor { host: host.to_owned(), ..site.anon() };
        let answer = asked.get("/.well-known/openid-configuration").await;
        if answer.status == 404 { String::new() } else { answer.expect(200).text("issuer") }
    };
    for host in ["id.example.com", "id.example.com:443", "ID.example.COM:443"] {
        assert_eq!(issuer(host).await, secure, "{host}");
    }
    for host in ["plain.localhost", "plain.localhost:80"] {
        assert_eq!(issuer(host).await, plain, "{host}");
    }
    assert_eq!(issuer("odd.example.com:80").await, "https://odd.example.com:80");
    // The other scheme's port is another host, and so is everything that only looks like the default.
    for host in [
        "id.example.com:80",
        "plain.localhost:443",
        "odd.example.com",
        "odd.example.com:443",
        "id.example.com:0443",
        "id.example.com:4430",
        "id.example.com:",
        "id.example.com:443:443",
        "id.example.com443",
        "localhost:443",
        ":443",
        "localhost",
    ] {
        assert_eq!(issuer(host).await, "", "{host}");
    }
    // Tokens name the issuer, which has no port.
    let ported = Actor { host: "id.example.com:443".to_owned(), ..tenant.admin().await };
    ported.get("/api/v1/users").await.expect(200);
}

/// ZITADEL's X-Forwarded-Host resets; the class of attack H.
#[tokio::test]
async fn a_forwarded_host_counts_from_trusted_proxies_only() {
    let options = Options { trusted_proxies: vec!["10.0.0.0/8", "fd00::/8"], ..Options::default() };
    let site = App::with(options).await;
    let neighbour = site.neighbour().await;
    let path = "/.well-known/openid-configuration";
    let issuer = |answer: Answer| answer.expect(200).text("issuer");
    let forwarded = "next-acme.localhost:8480";
    let ask = || site.anon().get(path).header("x-forwarded-host", forwarded);
    assert_eq!(issuer(ask().await), site.url, "no peer known");
    for stranger in ["192.0.2.1:99", "127.0.0.1:99", "[2001:db8::1]:99", "[::ffff:192.0.2.1]:99"] {
        assert_eq!(issuer(ask().from(stranger).await), site.url, "{stranger}");
    }
    for proxy in ["10.1.2.3:99", "[fd00::1]:99"] {
        assert_eq!(issuer(ask().from(proxy).await), neighbour.url, "{proxy}");
        let plain = site.anon().get(path).from(proxy).await;
        assert_eq!(issuer(plain), site.url, "{proxy} without the header");
        let unknown = site.anon().get(path).header("x-forwarded-host", "evil.example").from(proxy).await;
        unknown.refused(404, "not_found");
        let doubled = ask().header("x-forwarded-host", forwarded).from(proxy).await;
        doubled.refused(400, "invalid_request");
        for bad in ["next-acme.localhost:8480, localhost:8480", "a,b", "ä"] {
            let bad = site.anon().get(path).header("x-forwarded-host", bad).from(proxy).await;
            bad.refused(400, "invalid_request");
        }
        // Neither of these is looked at, from anybody.
        let other = site.anon().get(path).header("forwarded", format!("host={forwarded}"));
        let other = other.header("x-original-host", forwarded).header("x-host", forwarded);
        assert_eq!(issuer(other.from(proxy).await), site.url);
    }
}

/// 10.0.0.1 comes as `::ffff:10.0.0.1` on a dual-stack socket.
#[tokio::test]
async fn bug_a_trusted_proxy_on_a_dual_stack_socket_was_a_stranger() {
    let site = App::with(Options { trusted_proxies: vec!["10.0.0.0/8"], ..Options::default() }).await;
    let neighbour = site.neighbour().await;
    let asked = site.anon().get("/.well-known/openid-configuration");
    let asked = asked.header("x-forwarded-host", "next-acme.localhost:8480").from("[::ffff:10.0.0.1]:99");
    assert_eq!(asked.await.expect(200).text("issuer"), neighbour.url);
}

/// URLs are built from the configured issuer, never from what the request says.
#[tokio::test]
async fn discovery_is_the_issuers() {
    let site = App::start().await;
    let shouting = Actor { host: "LOCALHOST:8480".to_owned(), ..site.anon() };
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let asked = shouting.get(path).header("x-forwarded-host", "evil.example");
        let answer = asked.header("x-forwarded-proto", "https").await.expect(200);
        let text = answer.json.to_string();
        assert!(!text.contains("evil") && !text.contains("LOCALHOST"), "{text}");
        assert_eq!(answer.json["issuer"], site.url.as_str());
        for (member, value) in answer.json.as_object().unwrap() {
            if member.ends_with("_endpoint") || member.ends_with("_uri") {
                let path = value.as_str().unwrap().strip_prefix(&site.url).expect("under the issuer");
                let there = site.anon().get(path).await;
                assert!(matches!(there.status, 200 | 405), "{member} leads nowhere");
            }
        }
        assert_eq!(answer.json["grant_types_supported"], json!(["client_credentials"]));
    }
}

#[tokio::test]
async fn a_disabled_tenant_is_not_there_and_its_neighbour_is() {
    let site = App::start().await;
    let neighbour = site.neighbour().await;
    let (client, theirs) = (site.machine_client(&["users:read"]).await, neighbour.admin().await);
    let actor = site.act_as(&client).await;
    site.change(TenantChange { enabled: Some(false), ..Default::default() }).await;
    for (method, path) in routes() {
        send(&actor, &method, &path).await.refused(404, "not_found");
    }
    theirs.get("/api/v1/users").await.expect(200);
    site.change(TenantChange { enabled: Some(true), ..Default::default() }).await;
    actor.get("/api/v1/users").await.expect(200);
}

#[tokio::test]
async fn a_tenant_that_moved_is_at_its_new_url_only() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read"]).await;
    let old = site.token(&client, &[]).await;
    let url = "http://moved.localhost:8480".to_owned();
    site.change(TenantChange { issuer: Some(url.parse().unwrap()), ..Default::default() }).await;
    let moved = Site { url, ..site.clone() };
    site.anon().get("/.well-known/jwks.json").await.refused(404, "not_found");
    // Tokens of the old issuer are strangers' tokens now, at either URL.
    site.anon().bearing(&old).get("/api/v1/users").await.refused(404, "not_found");
    moved.anon().bearing(&old).get("/api/v1/users").await.refused(401, "invalid_token");
    let new = moved.token(&client, &[]).await;
    assert_eq!(claims(&new)["iss"], moved.url.as_str());
    moved.anon().bearing(&new).get("/api/v1/users").await.expect(200);
}

/// Tokens for a registered API would have become tokens for the management API.
#[tokio::test]
async fn bug_a_tenant_could_move_onto_a_registered_audience() {
    let site = App::start().await;
    let new = tenants::NewAudience {
        id: "http://moved.localhost:8480/api".parse().unwrap(),
        name: "Somebody's".to_owned(),
        scopes: "".parse().unwrap(),
    };
    tenants::add_audience(&site.tenancy().await, &site.operator(), new).await.unwrap();
    let change =
        TenantChange { issuer: Some("http://moved.localhost:8480".parse().unwrap()), ..Default::default() };
    let moved = tenants::update(&site.tenancy().await, &site.operator(), change).await;
    assert!(matches!(moved, Err(Error::Invalid(_))), "{moved:?}");
}

/// The first request to a URL that changed hands met the memory of its former owner.
#[tokio::test]
async fn bug_a_url_that_changed_hands_was_404_once() {
    let site = App::start().await;
    let neighbour = site.neighbour().await;
    let issuer = "/.well-known/openid-configuration";
    site.anon().get(issuer).await.expect(200);
    let change = |url: &str| TenantChange { issuer: Some(url.parse().unwrap()), ..Default::default() };
    let old = site.url.clone();
    site.change(change("http://moved.localhost:8480")).await;
    neighbour.change(change(&old)).await;
    assert_eq!(site.anon().get(issuer).await.expect(200).text("issuer"), old);
    let neighbour = Site { url: old, ..neighbour };
    let things = Things::of(&neighbour).await;
    neighbour.admin().await.get(&things.path("/api/v1/users/{id}")).await.expect(200);
}
