//! Requests that two parsers could read differently, limits, and how refusals look. `Answer` holds each of
//! them against the shape of an error: JSON, the right length, and the request's name in body and header.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, http::Method};
use bytes::Bytes;
use intelliauth_http::Limits;
use serde_json::json;

use crate::support::{App, Options};

#[tokio::test]
async fn one_host_and_no_other_in_the_target() {
    let site = App::start().await;
    let path = "/.well-known/openid-configuration";
    let two = site.anon().get(path).header("host", "localhost:8480").await;
    let two = two.refused(400, "invalid_request");
    assert_eq!(two.header("connection"), "close");
    site.anon().get(path).header("host", "next-acme.localhost:8480").await.refused(400, "invalid_request");
    site.anon().get(&format!("http://localhost:8480{path}")).await.expect(200);
    site.anon().get(&format!("http://LOCALHOST:8480{path}")).await.expect(200);
    for foreign in
        ["http://evil.example", "http://localhost", "http://a@localhost:8480", "https://localhost:8481"]
    {
        let answer = site.anon().get(&format!("{foreign}{path}")).await.refused(400, "invalid_request");
        assert_eq!(answer.header("connection"), "close", "{foreign}");
    }
}

#[tokio::test]
async fn a_body_is_announced_by_one_content_length() {
    let site = App::start().await;
    let form = || site.anon().form("/oauth2/token", &[("grant_type", "client_credentials")]);
    for coding in ["chunked", "identity", "gzip, chunked", "xchunked"] {
        let answer = form().header("transfer-encoding", coding).await.refused(411, "length_required");
        assert_eq!(answer.header("connection"), "close", "{coding}");
    }
    let two = form().header("content-length", "29").header("content-length", "29").await;
    two.refused(400, "invalid_request");
}

#[tokio::test]
async fn a_body_is_at_most_64_kib() {
    let site = App::start().await;
    let admin = site.admin().await;
    let fill = |size: usize| {
        let around = json!({ "email": "ada@example.com", "name": "" }).to_string().len();
        json!({ "email": "ada@example.com", "name": "x".repeat(size - around) })
    };
    // At the limit it is read, and refused for what it says.
    let read = admin.post("/api/v1/users", &fill(65_536)).await.refused(400, "invalid_request");
    assert_eq!(read.fields(), ["name"]);
    let large = admin.post("/api/v1/users", &fill(65_537)).await.refused(413, "body_too_large");
    assert_eq!(large.header("connection"), "close");
    let form = "a".repeat(65_537);
    let token = site.anon().request(Method::POST, "/oauth2/token");
    token.typed("application/x-www-form-urlencoded", form).await.refused(413, "body_too_large");
    // Who may not create users does not get to send a large one.
    site.anon().post("/api/v1/users", &fill(70_000)).await.refused(401, "missing_token");
}

#[tokio::test]
async fn bodies_are_json_by_name() {
    let site = App::start().await;
    let admin = site.admin().await;
    let body = json!({ "email": "ada@example.com" }).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", "text/json"] {
        let sent = admin.request(Method::POST, "/api/v1/users").typed(kind, body.clone());
        sent.await.refused(415, "unsupported_media_type");
    }
    let bare = admin.request(Method::POST, "/api/v1/users").body(body.clone());
    bare.await.refused(415, "unsupported_media_type");
    let sent = admin.request(Method::POST, "/api/v1/users").typed("Application/JSON; charset=utf-8", body);
    sent.await.expect(201);
}

#[tokio::test]
async fn hostile_json_is_a_bad_request() {
    let options =
        Options { limits: Limits { body_bytes: 1 << 20, ..Limits::default() }, ..Options::default() };
    let site = App::with(options).await;
    let admin = site.admin().await;
    let deep = |open: &str, close: &str, levels: usize| open.repeat(levels) + &close.repeat(levels);
    let wide: Vec<String> = (0..50_000).map(|n| format!("\"k{n}\":1,")).collect();
    let wide = wide.concat();
    for body in [
        format!("{{\"email\":{}}}", deep("[", "]", 100_000)),
        format!("{{\"x\":{}}}", deep("[", "]", 100_000)),
        deep("{\"email\":", "}", 100_000),
        format!("{{{wide}\"email\":\"a@b.cd\"}}"),
        "{\"email\":\"a@b.cd\",\"email\":\"c@d.ef\"}".to_owned(),
        "{\"email\":\"a@b.cd\"}{}".to_owned(),
        "{\"email\":\"a@b.cd\"".to_owned(),
        "{\"email\":\"a@b.cd\",}".to_owned(),
        "\u{feff}{\"email\":\"a@b.cd\"}".to_owned(),
        "{\"email\":\"\\ud800@b.cd\"}".to_owned(),
        "{\"email\":1e999}".to_owned(),
        "NaN".to_owned(),
    ] {
        let sent = admin.request(Method::POST, "/api/v1/users").typed("application/json", body);
        sent.await.refused(400, "invalid_request");
    }
    for body in [&b"{\"email\":\"\xff@b.cd\"}"[..], b"\xff\xfe", b"{\"email\":\"a@b.cd\"}\0"] {
        let sent = admin.request(Method::POST, "/api/v1/users").typed("application/json", body);
        sent.await.refused(400, "invalid_request");
    }
    let form = Body::from(&b"grant_type=\xff%ff%00&%=&&=&client_id=%"[..]);
    let sent =
        site.anon().request(Method::POST, "/oauth2/token").typed("application/x-www-form-urlencoded", form);
    assert!(matches!(sent.await.status, 400 | 401));
}

/// An error was rendered under the length of the empty body it replaced.
#[tokio::test]
async fn bug_errors_were_announced_as_empty() {
    let site = App::start().await;
    for (method, path, status) in [
        (Method::GET, "/nothing", 404),
        (Method::POST, "/nothing", 404),
        (Method::PUT, "/api/v1/users", 405),
        (Method::DELETE, "/.well-known/jwks.json", 405),
        (Method::GET, "/api/v1/users", 401),
        (Method::GET, "/oauth2/revocations?since=x", 400),
    ] {
        let answer = site.anon().request(method.clone(), path).await.expect(status);
        assert!(!answer.body.is_empty() && answer.json.is_object(), "{method} {path}");
        if status == 405 {
            assert!(!answer.header("allow").is_empty(), "{method} {path}: RFC 9110 §15.5.6 asks for Allow");
        }
    }
}

#[tokio::test]
async fn each_request_has_its_own_name_and_nobody_elses() {
    let site = App::start().await;
    let ask = || site.anon().get("/nothing").header("x-request-id", "req_forged\"}");
    let (one, two) = (ask().await, ask().await);
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
    assert!(!String::from_utf8(one.body).unwrap().contains("forged"));
}

#[tokio::test]
async fn a_tenant_over_its_limit_waits_and_its_neighbour_does_not() {
    let site = App::start().await;
    let neighbour = site.neighbour().await;
    // Six a minute, three of them at once.
    site.settings(|settings| settings.requests_per_minute = Some(6)).await;
    for _ in 0..3 {
        site.anon().get("/api/v1/users").await.refused(401, "missing_token");
    }
    let over = site.anon().get("/api/v1/users").await.refused(429, "rate_limited");
    let wait: u32 = over.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
    site.anon().form("/oauth2/token", &[]).await.refused(429, "rate_limited");
    neighbour.anon().get("/api/v1/users").await.refused(401, "missing_token");
    // What every verifier polls is not counted: one noisy client must not be everybody's outage.
    for _ in 0..20 {
        site.anon().get("/.well-known/jwks.json").await.expect(200);
        site.anon().get("/oauth2/revocations").await.expect(200);
        site.anon().get("/.well-known/openid-configuration").await.expect(200);
    }
    // Nor are pages.
    site.anon().get("/").await.expect(200);
    site.anon().get("/admin").await.expect(200);
    // A tenant given more has it at once.
    site.settings(|settings| settings.requests_per_minute = None).await;
    site.anon().get("/api/v1/users").await.refused(401, "missing_token");
}

#[tokio::test]
async fn bug_reloading_a_page_used_up_the_token_endpoints_limit() {
    let site = App::start().await;
    let client = site.machine_client(&[]).await;
    site.settings(|settings| settings.requests_per_minute = Some(2)).await;
    for _ in 0..20 {
        site.anon().get("/").await.expect(200);
        site.anon().get("/admin").await.expect(200);
    }
    site.token(&client, &[]).await;
    site.anon().get("/api/v1/users").await.refused(429, "rate_limited");
}

/// Limits, the router and the clock refuse in the same words as the endpoint: a client has one parser for it.
#[tokio::test]
async fn bug_outside_the_endpoints_oauth_errors_looked_like_the_apis() {
    let limits = Limits { request_time: Duration::from_millis(200), ..Limits::default() };
    let site = App::with(Options { limits, ..Options::default() }).await;
    let form = "application/x-www-form-urlencoded";
    let post = |path: &str| site.anon().request(Method::POST, path);
    let refusals = [
        post("/oauth2/token").typed(form, "a".repeat(65_537)).await.refused(413, "body_too_large"),
        post("/oauth2/token").typed(form, Body::new(Never)).await.refused(408, "request_timeout"),
        post("/oauth2/token").typed("application/json", "{}").await.refused(400, "invalid_request"),
        post("/oauth2/nothing").await.refused(404, "not_found"),
        post("/oauth2").await.refused(404, "not_found"),
        post("/oauth2/revocations").await.refused(405, "method_not_allowed"),
        site.anon().get("/oauth2/introspect").await.refused(405, "method_not_allowed"),
        site.anon().get("/oauth2/revocations?since=x").await.refused(400, "invalid_request"),
    ];
    for refusal in refusals {
        assert!(refusal.json["error_description"].is_string() && refusal.json.get("message").is_none());
    }
    site.settings(|settings| settings.requests_per_minute = Some(1)).await;
    post("/oauth2/token").await.expect(400);
    let over = post("/oauth2/token").await.refused(429, "rate_limited");
    assert!(over.json["error_description"].is_string(), "{}", over.json);
    // Neighbours of the address are not it, and an unsound request is for nobody.
    assert!(post("/oauth2x").await.refused(404, "not_found").json["message"].is_string());
    let chunked = post("/oauth2/token").header("transfer-encoding", "chunked").await;
    assert!(chunked.refused(411, "length_required").json["message"].is_string());
}

/// A body that never comes is given up.
#[tokio::test]
async fn a_request_is_bounded_in_time() {
    let limits = Limits { request_time: Duration::from_millis(10), ..Limits::default() };
    let site = App::with(Options { limits, ..Options::default() }).await;
    let never = Body::new(Never);
    let sent = site.anon().request(Method::POST, "/oauth2/token");
    let answer = sent.typed("application/x-www-form-urlencoded", never).await;
    let answer = answer.refused(408, "request_timeout");
    assert_eq!(answer.header("connection"), "close");
}

/// A body of which not one byte arrives.
struct Never;

impl http_body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// The tenant's name is text wherever it is shown (the class of attack N).
#[tokio::test]
async fn markup_in_the_tenants_name_is_text() {
    let site = App::start().await;
    let name = Some("</title><script>alert(1)</script>{nonce}\"'".to_owned());
    site.change(intelliauth_engine::tenants::TenantChange { name, ..Default::default() }).await;
    let (one, two) = (site.anon().get("/").await.expect(200), site.anon().get("/").await.expect(200));
    let page = String::from_utf8(one.body.clone()).unwrap();
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"), "{page}");
    assert_ne!(
        one.header("content-security-policy"),
        two.header("content-security-policy"),
        "a nonce is new"
    );
}

#[tokio::test]
async fn every_answer_is_dressed() {
    let site = App::start().await;
    for path in ["/", "/admin", "/.well-known/jwks.json", "/nothing", "/api/v1/users", "/healthz"] {
        let answer = site.anon().get(path).await;
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{path}");
    }
}
