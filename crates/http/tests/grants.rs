//! Nobody becomes mightier by way of another application.

use axum::http::Method;
use intelliauth_model::ApplicationKind;
use serde_json::json;

use crate::support::{API, Actor, App, Client, Site};

/// A machine client of the tenant's API with these scopes and the audience of another API.
async fn of_banking(site: &Site, scopes: &str) -> Client {
    site.client(ApplicationKind::M2m, scopes, &[&site.api_audience(), API]).await
}

async fn bearer(site: &Site, client: &Client) -> Actor {
    site.anon().bearing(&site.token(client, &[("audience", &site.api_audience())]).await)
}

fn rotation(client: &Client) -> String {
    format!("/api/v1/applications/{}/rotate-secret", client.id)
}

/// A client that may write applications gave itself the secret of one that may pay.
#[tokio::test]
async fn bug_a_clerk_took_over_an_application_of_another_api() {
    let site = App::start().await;
    let payments = site.client(ApplicationKind::M2m, "payments:admin", &[API]).await;
    let clerk = site.machine(&["applications:write"]).await;
    clerk.request(Method::POST, &rotation(&payments)).await.refused(403, "forbidden");
    let path = format!("/api/v1/applications/{}", payments.id);
    clerk.patch(&path, &json!({ "name": "y" })).await.refused(403, "forbidden");
    // Neither half is enough: the scope without the audience, the audience without the scope.
    let scope = site.machine(&["applications:write", "payments:admin"]).await;
    scope.request(Method::POST, &rotation(&payments)).await.refused(403, "forbidden");
    let audience = bearer(&site, &of_banking(&site, "applications:write").await).await;
    audience.request(Method::POST, &rotation(&payments)).await.refused(403, "forbidden");
    site.token(&payments, &[]).await;
    let peer = bearer(&site, &of_banking(&site, "applications:write payments:admin").await).await;
    peer.request(Method::POST, &rotation(&payments)).await.expect(200);
}

#[tokio::test]
async fn bug_a_clerk_registered_an_application_for_another_api() {
    let site = App::start().await;
    let clerk = site.machine(&["applications:write"]).await;
    let path = "/api/v1/applications";
    let audience = json!({ "name": "x", "type": "m2m", "audiences": [API] });
    let scope = json!({ "name": "x", "type": "m2m", "allowed_scopes": ["payments:admin"] });
    let harmless = json!({
        "name": "x", "type": "spa", "audiences": [site.api_audience()],
        "allowed_scopes": ["openid", "profile", "email", "offline_access"],
    });
    for body in [&audience, &scope] {
        clerk.post(path, body).await.refused(403, "forbidden");
    }
    let own = clerk.post(path, &harmless).await.expect(201).text("id");
    for field in ["audiences", "allowed_scopes"] {
        let value = if field == "audiences" { &audience[field] } else { &scope[field] };
        clerk.patch(&format!("{path}/{own}"), &json!({ field: value })).await.refused(403, "forbidden");
    }
    let granter = site.machine(&["applications:write", "applications:grant"]).await;
    for body in [&audience, &scope] {
        granter.post(path, body).await.expect(201);
    }
}

/// Today `audit:read` opens nothing. Whoever has it on the day it does must have been given it by somebody.
#[tokio::test]
async fn bug_integrator_scopes_to_come_could_be_granted_by_anybody() {
    let site = App::start().await;
    let admin = site.admin().await;
    let body = |scope: &str| json!({ "name": "x", "type": "m2m", "allowed_scopes": [scope] });
    let reserved = "me:read me:write me:sessions users:bulk applications:rotate-secret groups:read groups:write \
                    roles:read roles:write audit:read audit:export resources:read resources:write \
                    federation:read federation:write webhooks:read webhooks:write";
    for scope in reserved.split_whitespace() {
        admin.post("/api/v1/applications", &body(scope)).await.refused(403, "forbidden");
    }
    let auditor = site.machine_client(&["audit:read", "users:read"]).await;
    admin.request(Method::POST, &rotation(&auditor)).await.refused(403, "forbidden");
    let path = format!("/api/v1/applications/{}", auditor.id);
    admin.patch(&path, &json!({ "name": "y" })).await.refused(403, "forbidden");
    admin.delete(&path).await.refused(403, "forbidden");
    // Nor is the right to grant given by one who has it not.
    let clerk = site.machine(&["applications:write"]).await;
    clerk.post("/api/v1/applications", &body("applications:grant")).await.refused(403, "forbidden");
}

/// A client gives itself a new secret, but not with a token that was asked for with less.
#[tokio::test]
async fn a_client_rotates_its_own_secret() {
    let site = App::start().await;
    let client = of_banking(&site, "applications:write users:read payments:read").await;
    let narrow = [("audience", &*site.api_audience()), ("scope", "applications:write")];
    let narrow = site.anon().bearing(&site.token(&client, &narrow).await);
    narrow.request(Method::POST, &rotation(&client)).await.refused(403, "forbidden");
    bearer(&site, &client).await.request(Method::POST, &rotation(&client)).await.expect(200);
}
