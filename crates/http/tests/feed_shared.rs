//! Who is given the same signed answer of the revocation feed.

use intelliauth_engine::users;
use serde_json::json;

use crate::support::App;

/// With each registration of an application the whole feed was read and signed anew.
#[tokio::test]
async fn bug_an_unrelated_change_had_the_feed_signed_anew() {
    let site = App::start().await;
    let admin = site.admin().await;
    let ask =
        async |query: &str| site.anon().get(&format!("/oauth2/revocations{query}")).await.expect(200).body;
    let user = site.user().await.id;
    users::revoke_tokens(&site.tenancy().await, &site.operator(), user).await.unwrap();
    let before = (ask("").await, ask("?since=0").await);
    admin.post("/api/v1/applications", &json!({ "name": "x", "type": "spa" })).await.expect(201);
    // ES256 signs differently each time, so equal bytes are a shared answer.
    assert!((ask("").await, ask("?since=0").await) == before, "not shared");
    users::revoke_tokens(&site.tenancy().await, &site.operator(), user).await.unwrap();
    assert!(ask("").await != before.0, "stale");
    // What cannot be a delta is the same snapshot for everybody.
    assert!(ask("?since=99").await == ask("").await, "a snapshot of its own");
}
