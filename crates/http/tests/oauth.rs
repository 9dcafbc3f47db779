//! The token endpoint.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use intelliauth_engine::{applications, tenants, tenants::NewAudience};
use intelliauth_model::{ApplicationKind, ScopeMode};
use serde_json::{Value, json};

use crate::support::{API, Answer, App, Client, Observer, Site, claims, header};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

async fn ask(site: &Site, authorization: Option<&str>, parameters: &[(&str, &str)]) -> Answer {
    let mut sent = site.anon().form("/oauth2/token", parameters);
    if let Some(value) = authorization {
        sent = sent.header("authorization", value);
    }
    sent.await
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

#[tokio::test]
async fn a_machines_token_carries_exactly_these_claims() {
    let site = App::start().await;
    let client = site.client(ApplicationKind::M2m, "pay:read users:read", &[API]).await;
    site.clock().advance_ms(999);
    let answer = ask(&site, Some(&client.basic()), &[GRANT]).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let token = answer.text("access_token");
    let expected = json!({
        "access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": "pay:read users:read",
    });
    assert_eq!(answer.json, expected);
    let head = header(&token);
    assert_eq!(head.as_object().unwrap().keys().collect::<Vec<_>>(), ["alg", "kid", "typ"]);
    assert_eq!((&head["alg"], &head["typ"]), (&json!("ES256"), &json!("at+jwt")));
    let body = claims(&token);
    let jti = body["jti"].as_str().unwrap();
    assert!(jti.starts_with("tok_") && jti.len() == 30, "{jti}");
    let iat = 1_790_000_000;
    let expected = json!({
        "iss": "http://localhost:8480", "sub": client.id, "aud": API, "exp": iat + 3600, "iat": iat, "jti": jti,
        "client_id": client.id, "scope": "pay:read users:read",
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_users_token_carries_exactly_these_claims() {
    let site = App::start().await;
    let user = site.user().await;
    let spa = site.client(ApplicationKind::Spa, "openid email profile pay", &[API]).await;
    let token = site.sign_in_at(&user, spa.id, API).await;
    let body = claims(token.tokens.access_token.expose());
    let iat = 1_790_000_000;
    let expected = json!({
        "iss": "http://localhost:8480", "sub": user.id, "aud": API, "exp": iat + 3600, "iat": iat,
        "jti": body["jti"], "client_id": spa.id, "scope": "email openid pay profile", "sid": token.session,
        "auth_time": iat, "acr": "aal1", "amr": ["pwd"], "auth_level": "AAL1", "email": user.email.as_str(),
        "email_verified": true, "name": "Ada Lovelace",
    });
    assert_eq!(body, expected);
    // Without the scopes, nobody learns the address or the name.
    let spa = site.client(ApplicationKind::Spa, "openid pay", &[API]).await;
    let token = site.sign_in_at(&user, spa.id, API).await;
    let body = claims(token.tokens.access_token.expose());
    for claim in ["email", "email_verified", "name"] {
        assert_eq!(body.get(claim), None, "{claim}");
    }
}

#[tokio::test]
async fn a_life_per_application() {
    let site = App::start().await;
    let admin = site.admin().await;
    let client = site.client(ApplicationKind::M2m, "", &[API]).await;
    let path = format!("/api/v1/applications/{}", client.id);
    admin.patch(&path, &json!({ "access_token_lifetime_seconds": 60 })).await.expect(200);
    let answer = ask(&site, Some(&client.basic()), &[GRANT]).await.expect(200);
    assert_eq!(answer.json["expires_in"], 60);
    let body = claims(&answer.text("access_token"));
    assert_eq!(body["exp"].as_i64().unwrap() - body["iat"].as_i64().unwrap(), 60);
    // No scopes: neither in the answer nor in the token.
    assert_eq!((answer.json.get("scope"), body.get("scope")), (None, None));
}

/// A session that is over is forgotten, and a token that outlived it could no longer be ended by it.
#[tokio::test]
async fn bug_a_token_outlived_its_session() {
    let site = App::start().await;
    let (admin, user) = (site.admin().await, site.user().await);
    let spa = site.client(ApplicationKind::Spa, "openid", &[API]).await;
    let path = format!("/api/v1/applications/{}", spa.id);
    admin.patch(&path, &json!({ "access_token_lifetime_seconds": 86_400 })).await.expect(200);
    let token = site.sign_in_at(&user, spa.id, API).await.tokens;
    assert_eq!(token.expires_in, 12 * 3600);
    let body = claims(token.access_token.expose());
    assert_eq!(body["exp"].as_i64().unwrap() - body["iat"].as_i64().unwrap(), 12 * 3600);
}

/// RFC 6749 §5.1 asks for both headers wherever there is a token.
#[tokio::test]
async fn bug_the_token_answer_lacked_pragma() {
    let site = App::start().await;
    let client = site.machine_client(&[]).await;
    let answer = ask(&site, Some(&client.basic()), &[GRANT]).await.expect(200);
    assert_eq!(answer.header("pragma"), "no-cache");
}

#[tokio::test]
async fn credentials_come_by_header_or_body_not_by_both() {
    let site = App::start().await;
    let client = site.machine_client(&[]).await;
    let (id, secret) = (client.id.to_string(), client.secret.clone());
    let (id_pair, secret_pair) = (("client_id", &*id), ("client_secret", &*secret));
    ask(&site, Some(&client.basic()), &[GRANT]).await.expect(200);
    ask(&site, None, &[GRANT, id_pair, secret_pair]).await.expect(200);
    ask(&site, Some(&client.basic()), &[GRANT, id_pair]).await.expect(200);
    ask(&site, Some(&client.basic().replace("Basic", "bAsIc")), &[GRANT]).await.expect(200);

    let both = ask(&site, Some(&client.basic()), &[GRANT, id_pair, secret_pair]).await;
    both.refused(400, "invalid_request");
    let both = ask(&site, Some(&client.basic()), &[GRANT, secret_pair]).await;
    both.refused(400, "invalid_request");
    let other = site.machine_client(&[]).await.id.to_string();
    let other = ask(&site, Some(&client.basic()), &[GRANT, ("client_id", &other)]).await;
    other.refused(400, "invalid_request");
    let twice = site.anon().form("/oauth2/token", &[GRANT]).header("authorization", client.basic());
    twice.header("authorization", client.basic()).await.refused(400, "invalid_request");
    // In the query string they are not looked at, so they do not end up in logs as a habit.
    let query = format!("/oauth2/token?client_id={id}&client_secret={secret}");
    site.anon().form(&query, &[GRANT]).await.refused(401, "invalid_client");
    ask(&site, None, &[GRANT]).await.refused(401, "invalid_client");
}

/// RFC 6749 §2.3.1: id and secret are form-encoded inside Basic.
#[tokio::test]
async fn basic_credentials_may_be_percent_encoded() {
    let site = App::start().await;
    let client = site.machine_client(&[]).await;
    let encode = |text: &str| text.bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02x}"));
    let encoded = basic(&encode(&client.id.to_string()), &encode(&client.secret));
    ask(&site, Some(&encoded), &[GRANT]).await.expect(200);
    for bad in [
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic Og==",
        &format!("Basic {}", STANDARD.encode(client.id.to_string())),
        &format!("Basic {}", STANDARD.encode([0xff, b':', 0xfe])),
        &format!("Bearer {}", client.secret),
        "Negotiate x",
    ] {
        let refused = ask(&site, Some(bad), &[GRANT]).await.refused(401, "invalid_client");
        assert!(refused.header("www-authenticate").starts_with("Basic"), "{bad}");
    }
}

/// Which of the two is wrong is not told (attack class Q).
#[tokio::test]
async fn unknown_wrong_and_disabled_clients_get_one_answer() {
    let site = App::start().await;
    let client = site.machine_client(&[]).await;
    let disabled = site.machine_client(&[]).await;
    let (tenancy, operator) = (site.tenancy().await, site.operator());
    applications::set_enabled(&tenancy, &operator, disabled.id, false).await.unwrap();
    let neighbour = site.neighbour().await.machine_client(&[]).await;
    let unknown = client.id.to_string().replace("app_01", "app_02");
    let mut answers = Vec::new();
    for (id, secret) in [
        (client.id.to_string(), "ias_wrong".to_owned()),
        (client.id.to_string(), String::new()),
        (client.id.to_string(), "x".repeat(10_000)),
        (client.id.to_string(), client.secret.to_uppercase()),
        (client.id.to_string(), format!("{} ", client.secret)),
        (client.id.to_string(), disabled.secret.clone()),
        (unknown, client.secret.clone()),
        ("app_".to_owned(), client.secret.clone()),
        ("' OR 1=1 --".to_owned(), client.secret.clone()),
        (disabled.id.to_string(), disabled.secret.clone()),
        (neighbour.id.to_string(), neighbour.secret.clone()),
    ] {
        for authorization in [Some(basic(&id, &secret)), None] {
            let body = [GRANT, ("client_id", &*id), ("client_secret", &*secret)];
            let parameters = if authorization.is_some() { &body[..1] } else { &body[..] };
            let mut answer = ask(&site, authorization.as_deref(), parameters).await.expect(401);
            answer.json["request_id"] = Value::Null;
            answers.push((answer.json.to_string(), answer.header("www-authenticate").to_owned()));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn public_clients_get_no_client_credentials() {
    let site = App::start().await;
    for kind in [ApplicationKind::Spa, ApplicationKind::Native] {
        let public = site.client(kind, "", &[API]).await.id.to_string();
        let alone = ask(&site, None, &[GRANT, ("client_id", &public)]).await;
        alone.refused(400, "unauthorized_client");
        // The class of doorkeeper's CVE-2026-44476: a public client does not authenticate by any secret.
        for secret in ["", "x"] {
            let header = ask(&site, Some(&basic(&public, secret)), &[GRANT]).await;
            header.refused(401, "invalid_client");
        }
        let body = ask(&site, None, &[GRANT, ("client_id", &public), ("client_secret", "x")]).await;
        body.refused(401, "invalid_client");
    }
    let web = site.client(ApplicationKind::Web, "", &[API]).await;
    ask(&site, Some(&web.basic()), &[GRANT]).await.refused(400, "unauthorized_client");
}

#[tokio::test]
async fn malformed_requests_are_refused_in_the_standards_words() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read"]).await;
    let auth = client.basic();
    ask(&site, Some(&auth), &[]).await.refused(400, "invalid_request");
    ask(&site, Some(&auth), &[("grant_type", "")]).await.refused(400, "invalid_request");
    ask(&site, Some(&auth), &[GRANT, GRANT]).await.refused(400, "invalid_request");
    ask(&site, Some(&auth), &[GRANT, ("scope", "a"), ("scope", "b")]).await.refused(400, "invalid_request");
    ask(&site, Some(&auth), &[GRANT, ("x", "1"), ("x", "1")]).await.refused(400, "invalid_request");
    let many: Vec<(String, String)> = (0..51).map(|n| (format!("p{n}"), String::new())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (&**name, &**value)).collect();
    ask(&site, Some(&auth), &many).await.refused(400, "invalid_request");
    for grant in ["password", "authorization_code", "CLIENT_CREDENTIALS", "client_credentials ", "none"] {
        ask(&site, Some(&auth), &[("grant_type", grant)]).await.refused(400, "unsupported_grant_type");
    }
    let json = json!({ "grant_type": "client_credentials" });
    let wrong = site.anon().post("/oauth2/token", &json).header("authorization", &auth).await;
    wrong.refused(400, "invalid_request");
    site.anon().get("/oauth2/token").await.refused(405, "method_not_allowed");
    // Not for a client that does not authenticate: that is told first, whatever else is wrong.
    ask(&site, Some(&basic("x", "y")), &[("grant_type", "password")]).await.refused(401, "invalid_client");
    // The old ways of sending a token nobody should have are not looked at.
    let answer = ask(&site, Some(&auth), &[GRANT, ("unknown", "x")]).await;
    answer.expect(200);
}

#[tokio::test]
async fn a_token_has_one_audience_of_the_clients() {
    let site = App::start().await;
    let own = site.api_audience();
    let client = site.client(ApplicationKind::M2m, "users:read pay", &[API, &own]).await;
    let lone = site.client(ApplicationKind::M2m, "users:read pay", &[&own]).await;
    let none = site.client(ApplicationKind::M2m, "users:read pay", &[]).await;
    let aud = async |client: &Client, parameters: &[(&str, &str)]| {
        let all: Vec<_> = [GRANT].iter().chain(parameters).copied().collect();
        let answer = ask(&site, Some(&client.basic()), &all).await;
        if answer.status == 200 {
            claims(&answer.text("access_token"))["aud"].clone()
        } else {
            json!(answer.code())
        }
    };
    assert_eq!(aud(&lone, &[]).await, json!(own));
    assert_eq!(aud(&client, &[]).await, "invalid_target");
    assert_eq!(aud(&none, &[]).await, "invalid_target");
    for name in ["audience", "resource"] {
        assert_eq!(aud(&client, &[(name, API)]).await, API);
        assert_eq!(aud(&client, &[(name, &own)]).await, json!(own));
        assert_eq!(aud(&client, &[(name, API), (name, API)]).await, API);
        for bad in ["unknown.example", "API.banking.example", "a b", &format!("{own}/"), "http://evil/api"] {
            assert_eq!(aud(&client, &[(name, bad)]).await, "invalid_target", "{bad}");
        }
        assert_eq!(aud(&client, &[(name, API), (name, &own)]).await, "invalid_target");
        assert_eq!(aud(&lone, &[(name, API)]).await, "invalid_target");
        // Empty is as if left out (RFC 6749 §3.2).
        assert_eq!(aud(&lone, &[(name, "")]).await, json!(own));
    }
    assert_eq!(aud(&client, &[("audience", API), ("resource", API)]).await, API);
    assert_eq!(aud(&client, &[("audience", API), ("resource", &own)]).await, "invalid_target");
}

#[tokio::test]
async fn scopes_are_the_clients_at_the_audience() {
    let site = App::start().await;
    let own = site.api_audience();
    let new = NewAudience {
        id: "ledger.example".parse().unwrap(),
        name: "Ledger".to_owned(),
        scopes: "ledger:read ledger:write".parse().unwrap(),
    };
    tenants::add_audience(&site.tenancy().await, &site.operator(), new).await.unwrap();
    let scopes = "ledger:read pay users:read";
    let client = site.client(ApplicationKind::M2m, scopes, &[API, &own, "ledger.example"]).await;
    let granted = async |audience: &str, scope: &str| {
        let parameters = [GRANT, ("audience", audience), ("scope", scope)];
        let answer = ask(&site, Some(&client.basic()), &parameters).await;
        if answer.status != 200 {
            return answer.code().to_owned();
        }
        let told = answer.json.get("scope").cloned();
        assert_eq!(told, claims(&answer.text("access_token")).get("scope").cloned());
        told.map_or(String::new(), |told| told.as_str().unwrap().to_owned())
    };
    // Left out: all the client may have there.
    for nothing in ["", " ", "  "] {
        assert_eq!(granted(API, nothing).await, "ledger:read pay users:read");
    }
    assert_eq!(granted(&own, "").await, "users:read");
    assert_eq!(granted("ledger.example", "").await, "ledger:read");
    assert_eq!(granted(API, "pay").await, "pay");
    assert_eq!(granted(API, "users:read pay pay").await, "pay users:read");
    // Strict, the default.
    for (audience, scope) in [
        (API, "admin"),
        (API, "pay admin"),
        (API, "PAY"),
        (&*own, "pay"),
        (&*own, "users:write"),
        ("ledger.example", "ledger:write"),
        ("ledger.example", "pay"),
        (API, "pay\tadmin"),
        (API, "p\"ay"),
        (API, "ä"),
    ] {
        assert_eq!(granted(audience, scope).await, "invalid_scope", "{scope} at {audience}");
    }
    site.settings(|settings| settings.scope_mode = ScopeMode::Permissive).await;
    assert_eq!(granted(API, "pay admin").await, "pay");
    assert_eq!(granted(&own, "users:write users:read").await, "users:read");
    assert_eq!(granted(API, "p\"ay").await, "invalid_scope");
}

/// RFC 6749 §5.1: an answer without `scope` says "as you asked". Somebody who asked for what it may not
/// have and is given nothing must not read that.
#[tokio::test]
async fn bug_permissive_scopes_came_to_nothing_in_silence() {
    let site = App::start().await;
    site.settings(|settings| settings.scope_mode = ScopeMode::Permissive).await;
    let client = site.client(ApplicationKind::M2m, "pay", &[API]).await;
    let asked = ask(&site, Some(&client.basic()), &[GRANT, ("scope", "admin")]).await;
    asked.refused(400, "invalid_scope");
}

/// ADR 6: every refusal is counted and logged. Who tried credentials in a form that could not be read went
/// unseen.
#[tokio::test]
async fn bug_requests_that_could_not_be_read_were_not_counted() {
    const REQUESTS: &str = "intelliauth_token_requests_total";
    let site = App::start().await;
    let client = site.machine_client(&[]).await;
    let observer = Observer::default();
    let _metrics = metrics::set_default_local_recorder(&observer);
    let _log = observer.follow_log();
    let post = || site.anon().request(axum::http::Method::POST, "/oauth2/token");
    let form = "application/x-www-form-urlencoded";
    let wrong = Client { secret: "hunter2".to_owned(), ..client.clone() };
    let refused = [
        (ask(&site, None, &[GRANT]).await, "invalid_client"),
        (ask(&site, Some("Basic !!!hunter2"), &[GRANT]).await, "invalid_client"),
        (ask(&site, Some(&wrong.basic()), &[GRANT]).await, "invalid_client"),
        (post().typed("application/json", "{}").await, "invalid_request"),
        (ask(&site, Some(&client.basic()), &[]).await, "invalid_request"),
        (ask(&site, Some(&client.basic()), &[GRANT, GRANT]).await, "invalid_request"),
        (post().typed(form, "a".repeat(65_537)).await, "body_too_large"),
    ];
    let lines = observer.logged("token refused");
    assert_eq!(lines.len(), refused.len(), "{lines:#?}");
    for (line, (answer, code)) in lines.iter().zip(&refused) {
        assert_eq!(answer.code(), *code);
        assert!(line.contains(code) && line.contains(answer.header("x-request-id")), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }
    for (outcome, times) in [("invalid_client", 3), ("invalid_request", 3), ("body_too_large", 1)] {
        assert_eq!(observer.count(REQUESTS, &[("outcome", outcome)]), times, "{outcome}");
    }
    ask(&site, Some(&client.basic()), &[GRANT]).await.expect(200);
    let issued = [("outcome", "issued"), ("grant", "client_credentials")];
    assert_eq!((observer.count(REQUESTS, &issued), observer.count(REQUESTS, &[])), (1, 8));
    // Other endpoints' forms are not token requests.
    site.anon().form("/oauth2/introspect", &[]).await.refused(401, "invalid_client");
    assert_eq!(observer.count(REQUESTS, &[]), 8);
}
