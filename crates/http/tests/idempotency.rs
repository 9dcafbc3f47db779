//! `Idempotency-Key`: a POST that may be sent again.

use serde_json::json;

use crate::support::{Actor, Answer, App};

async fn post(actor: &Actor, key: &str, path: &str, body: &serde_json::Value) -> Answer {
    actor.post(path, body).header("idempotency-key", key).await
}

#[tokio::test]
async fn a_repetition_gives_the_same_id_and_no_secret_a_second_time() {
    let site = App::start().await;
    let admin = site.admin().await;
    let body = json!({ "name": "m", "type": "m2m", "audiences": [site.api_audience()] });
    let first = post(&admin, "k1", "/api/v1/applications", &body).await.expect(201);
    assert!(first.text("client_secret").starts_with("ias_"));
    let again = post(&admin, "k1", "/api/v1/applications", &body).await.expect(201);
    assert_eq!(again.data()["id"], first.data()["id"]);
    assert!(again.data().get("client_secret").is_none(), "{}", again.data());
    let named = admin.get("/api/v1/applications").await.json["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["name"] == "m")
        .count();
    assert_eq!(named, 1);
}

#[tokio::test]
async fn the_same_key_for_another_request_is_refused() {
    let site = App::start().await;
    let admin = site.admin().await;
    let body = json!({ "email": "ada@example.com" });
    post(&admin, "k1", "/api/v1/users", &body).await.expect(201);
    let other = json!({ "email": "bob@example.com" });
    post(&admin, "k1", "/api/v1/users", &other).await.refused(422, "idempotency_key_reused");
    let application = json!({ "name": "m", "type": "spa" });
    post(&admin, "k1", "/api/v1/applications", &application).await.refused(422, "idempotency_key_reused");
    assert_eq!(admin.get("/api/v1/users").await.json["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn keys_of_clients_and_tenants_are_strangers() {
    let site = App::start().await;
    let (one, two) = (site.admin().await, site.admin().await);
    let ada = json!({ "email": "ada@example.com" });
    let first = post(&one, "k1", "/api/v1/users", &ada).await.expect(201);
    // Another client under the same key: neither a repetition nor a mismatch.
    let bob = json!({ "email": "bob@example.com" });
    post(&two, "k1", "/api/v1/users", &bob).await.expect(201);
    let neighbour = site.neighbour().await.admin().await;
    let theirs = post(&neighbour, "k1", "/api/v1/users", &ada).await.expect(201);
    assert_ne!(theirs.data()["id"], first.data()["id"]);
}

#[tokio::test]
async fn a_refused_request_is_not_remembered() {
    let site = App::start().await;
    let admin = site.admin().await;
    let bad = json!({ "email": "ada@example.com", "locale": "!" });
    post(&admin, "k1", "/api/v1/users", &bad).await.refused(400, "invalid_request");
    post(&admin, "k1", "/api/v1/users", &json!({ "email": "ada@example.com" })).await.expect(201);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let site = App::start().await;
    let client = site.machine_client(&["users:write"]).await;
    let body = json!({ "email": "ada@example.com" });
    let first = post(&site.act_as(&client).await, "k1", "/api/v1/users", &body).await.expect(201);
    site.clock().advance(86_399);
    let again = post(&site.act_as(&client).await, "k1", "/api/v1/users", &body).await.expect(201);
    assert_eq!(again.data()["id"], first.data()["id"]);
    site.clock().advance(1);
    let later = post(&site.act_as(&client).await, "k1", "/api/v1/users", &body).await;
    later.refused(409, "email_taken");
    let bob = json!({ "email": "bob@example.com" });
    post(&site.act_as(&client).await, "k1", "/api/v1/users", &bob).await.expect(201);
}

#[tokio::test]
async fn a_key_is_one_printable_text() {
    let site = App::start().await;
    let admin = site.admin().await;
    let body = json!({ "email": "ada@example.com" });
    for key in ["", "a b", "ä", &"k".repeat(256)] {
        post(&admin, key, "/api/v1/users", &body).await.refused(400, "invalid_request");
    }
    post(&admin, &"k".repeat(255), "/api/v1/users", &body).await.expect(201);
}

/// Two keys on one request: a proxy and we could each pick another one.
#[tokio::test]
async fn bug_of_two_keys_the_first_was_taken() {
    let site = App::start().await;
    let admin = site.admin().await;
    let sent = admin.post("/api/v1/users", &json!({ "email": "ada@example.com" }));
    let sent = sent.header("idempotency-key", "k1").header("idempotency-key", "k2");
    sent.await.refused(400, "invalid_request");
}

/// A client that repeats a request while the first is being served must not be told that its own new user
/// has taken the address.
#[tokio::test]
async fn bug_a_repetition_that_overtakes_was_told_email_taken() {
    let site = App::start().await;
    let admin = site.admin().await;
    for round in 0..20 {
        let key = format!("k{round}");
        let body = json!({ "email": format!("ada{round}@race.example"), "password": "correct horse" });
        let (one, two) = tokio::join!(
            post(&admin, &key, "/api/v1/users", &body),
            post(&admin, &key, "/api/v1/users", &body)
        );
        let (one, two) = (one.expect(201), two.expect(201));
        assert_eq!(one.data()["id"], two.data()["id"]);
        let body = json!({ "name": key, "type": "m2m" });
        let key = format!("a{key}");
        let (one, two) = tokio::join!(
            post(&admin, &key, "/api/v1/applications", &body),
            post(&admin, &key, "/api/v1/applications", &body)
        );
        let (one, two) = (one.expect(201), two.expect(201));
        assert_eq!(one.data()["id"], two.data()["id"]);
        let secrets = [&one, &two].iter().filter(|made| made.data().get("client_secret").is_some()).count();
        assert_eq!(secrets, 1, "exactly one answer shows the secret");
    }
}

/// A rotation repeated by a client that lost the answer would rotate twice, and the secret in use would
/// be the third oldest: gone.
#[tokio::test]
async fn bug_a_repeated_rotation_killed_the_secret_in_use() {
    let site = App::start().await;
    let admin = site.admin().await;
    let client = site.machine_client(&[]).await;
    let path = format!("/api/v1/applications/{}/rotate-secret", client.id);
    let rotate = || admin.request(axum::http::Method::POST, &path).header("idempotency-key", "r1");
    let first = rotate().await.expect(200);
    let again = rotate().await.expect(200);
    assert_eq!(again.data()["client_id"], first.data()["client_id"]);
    assert!(again.data().get("client_secret").is_none(), "a secret is shown once: {}", again.data());
    site.token(&client, &[]).await;
    let new = crate::support::Client { secret: first.text("client_secret"), ..client.clone() };
    site.token(&new, &[]).await;
    // The same key for another application is another request.
    let other = site.machine_client(&[]).await;
    let path = format!("/api/v1/applications/{}/rotate-secret", other.id);
    let sent = admin.request(axum::http::Method::POST, &path).header("idempotency-key", "r1");
    sent.await.refused(422, "idempotency_key_reused");
}
