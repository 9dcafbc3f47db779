//! Introspection (RFC 7662), revocation (RFC 7009), and what a revocation does to the second it falls in.

use intelliauth_engine::{applications, sessions, tenants, users};
use intelliauth_model::ApplicationKind;
use serde_json::json;

use crate::support::{API, Answer, App, Client, Site, claims, resign, tamper};

async fn about(site: &Site, path: &str, client: &Client, token: &str) -> Answer {
    site.anon().form(path, &[("token", token)]).header("authorization", client.basic()).await
}

async fn introspect(site: &Site, client: &Client, token: &str) -> Answer {
    about(site, "/oauth2/introspect", client, token).await.expect(200)
}

async fn active(site: &Site, client: &Client, token: &str) -> bool {
    introspect(site, client, token).await.json["active"] == true
}

#[tokio::test]
async fn a_client_learns_of_its_own_tokens_and_those_for_its_audiences() {
    let site = App::start().await;
    let client = site.client(ApplicationKind::M2m, "pay", &[API]).await;
    let token = site.token(&client, &[]).await;
    let answer = introspect(&site, &client, &token).await;
    let mut expected = claims(&token);
    expected["active"] = json!(true);
    expected["token_type"] = json!("Bearer");
    assert_eq!(answer.json, expected);
    assert_eq!(answer.header("cache-control"), "no-store");
    // The API the token is for asks too.
    let api = site.client(ApplicationKind::Web, "", &[API]).await;
    assert!(active(&site, &api, &token).await);
    let user = site.user_token(API).await;
    assert!(active(&site, &api, &user).await);
    // Anybody else hears what is said of nonsense.
    let stranger = site.machine_client(&["users:read"]).await;
    for token in [&token, &user] {
        assert_eq!(introspect(&site, &stranger, token).await.json, json!({ "active": false }));
    }
}

#[tokio::test]
async fn nonsense_is_inactive() {
    let site = App::start().await;
    let client = site.client(ApplicationKind::M2m, "pay", &[API]).await;
    let token = site.token(&client, &[]).await;
    let neighbour = site.neighbour().await;
    let theirs = neighbour.client(ApplicationKind::M2m, "pay", &[API]).await;
    let foreign = neighbour.token(&theirs, &[]).await;
    let feed = String::from_utf8(site.anon().get("/oauth2/revocations").await.body).unwrap();
    for bad in [
        "x".to_owned(),
        "..".to_owned(),
        format!("{token}x"),
        format!(" {token}"),
        "x".repeat(20_000),
        foreign,
        feed,
        resign(&token),
        tamper(&token, |claims| claims["exp"] = json!(2_000_000_000)),
    ] {
        assert_eq!(introspect(&site, &client, &bad).await.json, json!({ "active": false }), "{bad:.80}");
        about(&site, "/oauth2/revoke", &client, &bad).await.expect(200);
    }
    assert!(active(&site, &client, &token).await);
    site.clock().advance(3_600 + 30);
    assert!(!active(&site, &client, &token).await);
}

#[tokio::test]
async fn both_endpoints_need_a_client_and_a_token() {
    let site = App::start().await;
    let client = site.machine_client(&[]).await;
    let token = site.token(&client, &[]).await;
    let public = site.client(ApplicationKind::Spa, "", &[API]).await.id.to_string();
    for path in ["/oauth2/introspect", "/oauth2/revoke"] {
        site.anon().form(path, &[("token", &token)]).await.refused(401, "invalid_client");
        let wrong = Client { secret: "ias_x".to_owned(), ..client.clone() };
        about(&site, path, &wrong, &token).await.refused(401, "invalid_client");
        about(&site, path, &client, "").await.refused(400, "invalid_request");
        let bearer = site.anon().bearing(&token).form(path, &[("token", &token)]).await;
        bearer.refused(401, "invalid_client");
    }
    // A public client has no business asking about tokens; anybody could in its name.
    let asked = site.anon().form("/oauth2/introspect", &[("token", &token), ("client_id", &public)]).await;
    asked.refused(401, "invalid_client");
    let neighbour = site.neighbour().await.machine_client(&[]).await;
    about(&site, "/oauth2/introspect", &neighbour, &token).await.refused(401, "invalid_client");
    assert!(active(&site, &client, &token).await);
}

#[tokio::test]
async fn a_client_revokes_its_own_token_only() {
    let site = App::start().await;
    let client = site.client(ApplicationKind::M2m, "pay", &[API]).await;
    let (token, other) = (site.token(&client, &[]).await, site.token(&client, &[]).await);
    let stranger = site.client(ApplicationKind::M2m, "pay", &[API]).await;
    about(&site, "/oauth2/revoke", &stranger, &token).await.refused(400, "unauthorized_client");
    assert!(active(&site, &client, &token).await);
    let hinted = [("token", &*token), ("token_type_hint", "refresh_token")];
    let revoked = site.anon().form("/oauth2/revoke", &hinted).header("authorization", client.basic()).await;
    assert!(revoked.expect(200).body.is_empty());
    assert!(!active(&site, &client, &token).await);
    assert!(active(&site, &client, &other).await, "one token, not all of the client's");
    // Again is as good; and a stranger learns no more of a dead token than of nonsense.
    about(&site, "/oauth2/revoke", &client, &token).await.expect(200);
    about(&site, "/oauth2/revoke", &stranger, &token).await.expect(200);
}

#[tokio::test]
async fn a_public_client_revokes_with_its_id_alone() {
    let site = App::start().await;
    let user = site.user().await;
    let spa = site.client(ApplicationKind::Spa, "openid", &[API]).await;
    let api = site.client(ApplicationKind::M2m, "", &[API]).await;
    let token = site.sign_in_at(&user, spa.id, API).await.tokens.access_token;
    let id = spa.id.to_string();
    let sent = site.anon().form("/oauth2/revoke", &[("token", token.expose()), ("client_id", &id)]);
    sent.await.expect(200);
    assert!(!active(&site, &api, token.expose()).await);
}

/// The management API believes a revocation at once, whatever was revoked.
#[tokio::test]
async fn revoked_tokens_do_not_manage() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read"]).await;
    let actor = site.act_as(&client).await;
    let (tenancy, operator) = (site.tenancy().await, site.operator());
    actor.get("/api/v1/users").await.expect(200);
    tenants::revoke_tokens(&tenancy, &operator).await.unwrap();
    let refused = actor.get("/api/v1/users").await.refused(401, "token_revoked");
    assert_eq!(refused.header("www-authenticate"), r#"Bearer error="invalid_token""#);
    let actor = site.act_as(&client).await;
    actor.get("/api/v1/users").await.expect(200);
    site.clock().advance(3_600 + 31);
    actor.get("/api/v1/users").await.refused(401, "token_expired");
}

/// `iat` counts in seconds, so "until now" must mean the same for tokens from before and after within one.
#[tokio::test]
async fn after_a_revocation_in_the_same_second_old_tokens_are_dead_and_new_ones_good() {
    let site = App::start().await;
    let api = site.client(ApplicationKind::M2m, "", &[API]).await;
    let user = site.user().await;
    let spa = site.client(ApplicationKind::Spa, "openid", &[API]).await;
    let operator = site.operator();
    site.clock().advance_ms(300);
    for kind in ["client", "tenant", "user"] {
        let old = site.sign_in_at(&user, spa.id, API).await.tokens.access_token;
        let machine = site.token(&api, &[]).await;
        let tenancy = site.tenancy().await;
        match kind {
            "client" => applications::revoke_tokens(&tenancy, &operator, spa.id).await.unwrap(),
            "user" => users::revoke_tokens(&tenancy, &operator, user.id).await.unwrap(),
            _ => tenants::revoke_tokens(&tenancy, &operator).await.unwrap(),
        }
        assert!(!active(&site, &api, old.expose()).await, "{kind}: the old token lives");
        assert_eq!(active(&site, &api, &machine).await, kind != "tenant", "{kind}: the others' token");
        let new = site.sign_in_at(&user, spa.id, API).await.tokens.access_token;
        assert!(active(&site, &api, new.expose()).await, "{kind}: the new token is dead");
        let machine = site.token(&api, &[]).await;
        assert!(active(&site, &api, &machine).await, "{kind}: the machine's new token is dead");
    }
}

/// Somebody who revokes over and over in one second gets no token dated far into the future, but 503.
#[tokio::test]
async fn revocation_loops_are_bounded() {
    let site = App::start().await;
    let client = site.client(ApplicationKind::M2m, "", &[API]).await;
    let operator = site.operator();
    let (mut tokens, mut refused) = (Vec::new(), None);
    for _ in 0..20 {
        let sent = site.anon().form("/oauth2/token", &[("grant_type", "client_credentials")]);
        let answer = sent.header("authorization", client.basic()).await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
        tokens.push(answer.text("access_token"));
        applications::revoke_tokens(&site.tenancy().await, &operator, client.id).await.unwrap();
    }
    let refused = refused.expect("an end").refused(503, "temporarily_unavailable");
    assert!(refused.json.get("error_description").is_some(), "{}", refused.json);
    let now = site.clock().seconds();
    for token in &tokens {
        assert!(claims(token)["iat"].as_i64().unwrap() <= now + 5);
        assert!(!active(&site, &site.machine_client(&[]).await, token).await);
    }
    // Others are not harmed, and a few seconds help.
    let other = site.client(ApplicationKind::M2m, "", &[API]).await;
    site.token(&other, &[]).await;
    site.clock().advance(7);
    let token = site.token(&client, &[]).await;
    assert!(active(&site, &client, &token).await);
    for dead in &tokens {
        assert!(!active(&site, &client, dead).await);
    }
}

/// Whole populations are revoked in one second when people are deleted in bulk; that must not move anybody
/// else's clock.
#[tokio::test]
async fn many_revocations_in_a_second_cost_others_nothing() {
    let site = App::start().await;
    let admin = site.admin().await;
    for _ in 0..12 {
        let user = site.user().await;
        admin.delete(&format!("/api/v1/users/{}", user.id)).await.expect(204);
    }
    let client = site.client(ApplicationKind::M2m, "", &[API]).await;
    applications::revoke_tokens(&site.tenancy().await, &site.operator(), client.id).await.unwrap();
    let token = site.token(&client, &[]).await;
    assert!(active(&site, &client, &token).await);
    let ahead = claims(&token)["iat"].as_i64().unwrap() - site.clock().seconds();
    assert!(ahead <= 2, "dated {ahead} s ahead");
}

#[tokio::test]
async fn an_ended_session_takes_its_tokens_along() {
    let site = App::start().await;
    let api = site.client(ApplicationKind::M2m, "", &[API]).await;
    let user = site.user().await;
    let (one, two) = (site.sign_in(&user, API).await, site.sign_in(&user, API).await);
    sessions::revoke(&site.tenancy().await, &site.operator(), one.session).await.unwrap();
    assert!(!active(&site, &api, one.tokens.access_token.expose()).await);
    assert!(active(&site, &api, two.tokens.access_token.expose()).await);
}

#[tokio::test]
async fn a_disabled_user_is_out_and_stays_out() {
    let site = App::start().await;
    let api = site.client(ApplicationKind::M2m, "", &[API]).await;
    let user = site.user().await;
    let token = site.sign_in(&user, API).await.tokens.access_token;
    let set = async |enabled| {
        users::set_enabled(&site.tenancy().await, &site.operator(), user.id, enabled).await.unwrap();
    };
    set(false).await;
    assert!(!active(&site, &api, token.expose()).await);
    set(true).await;
    assert!(!active(&site, &api, token.expose()).await, "enabling revived a token");
    let token = site.sign_in(&user, API).await.tokens.access_token;
    assert!(active(&site, &api, token.expose()).await);
}
