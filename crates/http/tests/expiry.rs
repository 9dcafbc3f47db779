//! The last second of a token, at the tenant that issued it.

use intelliauth_engine::tenants;
use serde_json::json;

use crate::support::App;

/// For the 30 s that verifiers allow for clocks that differ, a dead token was introspected as active.
#[tokio::test]
async fn bug_introspection_called_a_token_active_after_its_exp() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read"]).await;
    let token = site.token(&client, &[]).await;
    let basic = client.basic();
    let introspect = async || {
        let sent = site.anon().form("/oauth2/introspect", &[("token", &token)]);
        sent.header("authorization", &basic).await.expect(200).json
    };
    let manager = site.anon().bearing(&token);
    site.clock().advance(3_599);
    assert_eq!(introspect().await["active"], true);
    manager.get("/api/v1/users").await.expect(200);
    site.clock().advance(1);
    assert_eq!(introspect().await, json!({ "active": false }));
    manager.get("/api/v1/users").await.refused(401, "token_expired");
}

/// An API somewhere may still take it.
#[tokio::test]
async fn a_token_can_be_revoked_while_verifiers_allow_for_it() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read"]).await;
    let token = site.token(&client, &[]).await;
    site.clock().advance(3_600 + 10);
    let sent = site.anon().form("/oauth2/revoke", &[("token", &token)]);
    sent.header("authorization", client.basic()).await.expect(200);
    let feed = String::from_utf8(site.anon().get("/oauth2/revocations").await.body).unwrap();
    assert_eq!(crate::support::claims(&feed)["seq"], 1);
}

/// After a revocation tokens are dated into the next second; to their issuer they are good at once.
#[tokio::test]
async fn a_token_dated_ahead_is_active() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read"]).await;
    tenants::revoke_tokens(&site.tenancy().await, &site.operator()).await.unwrap();
    let token = site.token(&client, &[]).await;
    let iat = crate::support::claims(&token)["iat"].as_i64().unwrap();
    assert_eq!(iat, site.clock().seconds() + 1);
    site.anon().bearing(&token).get("/api/v1/users").await.expect(200);
}
