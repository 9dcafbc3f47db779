//! `/api/v1/users`.

use serde_json::{Value, json};

use crate::support::{API, App};

#[tokio::test]
async fn a_user_can_be_made_read_changed_and_deleted() {
    let site = App::start().await;
    let admin = site.admin().await;
    let sent = json!({
        "email": " Ada@Example.com ", "name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace",
        "picture": "https://example.com/ada.png", "locale": "en-GB", "password": "correct horse",
        "password_must_be_reset": true,
    });
    let made = admin.post("/api/v1/users", &sent).await.expect(201);
    let id = made.text("id");
    assert!(id.starts_with("usr_") && id.len() == 30, "{id}");
    let expected = json!({
        "id": id, "email": "ada@example.com", "email_verified": false, "name": "Ada Lovelace",
        "given_name": "Ada", "family_name": "Lovelace", "picture": "https://example.com/ada.png",
        "locale": "en-GB", "status": "active", "password_must_be_reset": true,
        "created_at": "2026-09-21T14:13:20.000Z", "updated_at": "2026-09-21T14:13:20.000Z", "version": 1,
    });
    assert_eq!(made.data(), expected);
    assert_eq!(made.header("cache-control"), "no-store");
    let path = format!("/api/v1/users/{id}");
    assert_eq!(admin.get(&path).await.expect(200).data(), expected);

    site.clock().advance_ms(1_234);
    let changed = admin.patch(&path, &json!({ "name": "Ada King" })).await.expect(200);
    assert_eq!(changed.data()["name"], "Ada King");
    assert_eq!(changed.data()["given_name"], "Ada");
    assert_eq!(changed.data()["version"], 2);
    assert_eq!(changed.data()["updated_at"], "2026-09-21T14:13:21.234Z");
    assert_eq!(changed.data()["created_at"], expected["created_at"]);

    assert!(admin.delete(&path).await.expect(204).body.is_empty());
    admin.get(&path).await.refused(404, "not_found");
    admin.delete(&path).await.refused(404, "not_found");
    admin.patch(&path, &json!({})).await.refused(404, "not_found");
}

/// Attack class: mass assignment. What the server decides cannot be sent, not even with the right value.
#[tokio::test]
async fn unknown_fields_are_refused_and_nothing_is_done() {
    let site = App::start().await;
    let admin = site.admin().await;
    let id = admin.post("/api/v1/users", &json!({ "email": "ada@example.com" })).await.expect(201).text("id");
    let before = admin.get(&format!("/api/v1/users/{id}")).await.data();
    for field in [
        "tenant_id",
        "id",
        "created_at",
        "updated_at",
        "password_hash",
        "status",
        "state",
        "version",
        "__proto__",
        "roles",
    ] {
        let made =
            admin.post("/api/v1/users", &json!({ "email": "b@example.com", field: Value::Null })).await;
        made.refused(400, "invalid_request");
        let changed = admin.patch(&format!("/api/v1/users/{id}"), &json!({ "name": "x", field: "y" })).await;
        changed.refused(400, "invalid_request");
    }
    assert_eq!(admin.get(&format!("/api/v1/users/{id}")).await.data(), before);
    let all = admin.get("/api/v1/users").await.expect(200);
    assert_eq!(all.json["data"].as_array().map(Vec::len), Some(1));
}

/// serde reads a struct from an array too, member by member: a body that is no object must not pass.
#[tokio::test]
async fn bug_an_array_was_taken_for_an_object() {
    let site = App::start().await;
    let admin = site.admin().await;
    let positional = json!(["ada@example.com", true, null, null, null, null, null, null, false]);
    admin.post("/api/v1/users", &positional).await.refused(400, "invalid_request");
    for body in ["null", "\"ada@example.com\"", "1", "", " ", "[]", "{}", "{\"email\":1}"] {
        let sent = admin.request(axum::http::Method::POST, "/api/v1/users").typed("application/json", body);
        sent.await.refused(400, "invalid_request");
    }
    let spaced = "\n\t {\"email\":\"ada@example.com\"} ";
    let sent = admin.request(axum::http::Method::POST, "/api/v1/users").typed("application/json", spaced);
    sent.await.expect(201);
}

#[tokio::test]
async fn absent_leaves_null_removes_and_a_value_replaces() {
    let site = App::start().await;
    let admin = site.admin().await;
    let full = json!({
        "email": "ada@example.com", "name": "n", "given_name": "g", "family_name": "f",
        "picture": "https://example.com/", "locale": "de-CH",
    });
    let made = admin.post("/api/v1/users", &full).await.expect(201);
    let path = format!("/api/v1/users/{}", made.text("id"));
    for field in ["name", "given_name", "family_name", "picture", "locale"] {
        let mut expected = admin.get(&path).await.data();
        assert_eq!(expected[field], full[field]);
        let changed = admin.patch(&path, &json!({ field: null })).await.expect(200).data();
        expected[field] = Value::Null;
        expected["version"] = changed["version"].clone();
        assert_eq!(changed, expected, "{field}");
    }
}

/// Who sends null means to clear; told 200, they would believe that it is.
#[tokio::test]
async fn bug_null_was_taken_for_leave_it() {
    let site = App::start().await;
    let admin = site.admin().await;
    let sent = json!({ "email": "ada@example.com", "password": "correct horse" });
    let path = format!("/api/v1/users/{}", admin.post("/api/v1/users", &sent).await.text("id"));
    let before = admin.get(&path).await.data();
    for field in ["email", "email_verified", "password", "password_must_be_reset"] {
        let body = json!({ "name": "x", field: null });
        let refused = admin.patch(&path, &body).await.refused(400, "invalid_request");
        assert_eq!(refused.fields(), [field]);
    }
    assert_eq!(admin.get(&path).await.data(), before);
}

#[tokio::test]
async fn a_change_that_changes_nothing_leaves_no_trace() {
    let site = App::start().await;
    let admin = site.admin().await;
    let sent = json!({ "email": "ada@example.com", "email_verified": true, "name": "Ada" });
    let made = admin.post("/api/v1/users", &sent).await.expect(201);
    let path = format!("/api/v1/users/{}", made.text("id"));
    let events = site.events().await;
    site.clock().advance(1);
    for same in [
        json!({}),
        json!({ "email": "ADA@example.com" }),
        json!({ "email_verified": true, "name": "Ada", "locale": null, "password_must_be_reset": false }),
    ] {
        let answer = admin.patch(&path, &same).await.expect(200);
        assert_eq!(answer.data(), made.data(), "{same}");
    }
    assert_eq!((site.events().await, admin.get(&path).await.data()), (events, made.data()));
    // The same password again is a change: whoever sets one wants what was signed with it gone.
    admin.patch(&path, &json!({ "password": "correct horse" })).await.expect(200);
    let again = admin.patch(&path, &json!({ "password": "correct horse" })).await.expect(200);
    assert_eq!(again.data()["version"], 3);
    assert_eq!(site.events().await, events + 2);
}

#[tokio::test]
async fn a_new_address_is_unverified_unless_the_caller_vouches() {
    let site = App::start().await;
    let admin = site.admin().await;
    let sent = json!({ "email": "ada@example.com", "email_verified": true });
    let made = admin.post("/api/v1/users", &sent).await.expect(201);
    assert_eq!(made.data()["email_verified"], true);
    let path = format!("/api/v1/users/{}", made.text("id"));
    // Another spelling of the same address is no new address.
    let same = admin.patch(&path, &json!({ "email": "ADA@example.com" })).await.expect(200);
    assert_eq!(same.data()["email_verified"], true);
    let moved = admin.patch(&path, &json!({ "email": "ada@example.org" })).await.expect(200);
    assert_eq!(
        (&moved.data()["email"], &moved.data()["email_verified"]),
        (&json!("ada@example.org"), &json!(false))
    );
    let back = json!({ "email": "ada@example.net", "email_verified": true });
    assert_eq!(admin.patch(&path, &back).await.expect(200).data()["email_verified"], true);
}

#[tokio::test]
async fn an_address_is_unique_in_its_tenant_only() {
    let site = App::start().await;
    let admin = site.admin().await;
    let body = json!({ "email": "ada@example.com" });
    admin.post("/api/v1/users", &body).await.expect(201);
    let other = admin.post("/api/v1/users", &json!({ "email": "bob@example.com" })).await.expect(201);
    admin.post("/api/v1/users", &json!({ "email": "ADA@EXAMPLE.COM" })).await.refused(409, "email_taken");
    let path = format!("/api/v1/users/{}", other.text("id"));
    admin.patch(&path, &body).await.refused(409, "email_taken");
    assert_eq!(admin.get(&path).await.data()["email"], "bob@example.com");
    site.neighbour().await.admin().await.post("/api/v1/users", &body).await.expect(201);
}

#[tokio::test]
async fn bad_values_are_named() {
    let site = App::start().await;
    let admin = site.admin().await;
    let long = "x".repeat(256);
    for (field, value) in [
        ("email", json!("nobody")),
        ("email", json!("a@b.c\u{0}")),
        ("name", json!("")),
        ("name", json!(long)),
        ("name", json!("a\r\nSet-Cookie: x")),
        ("given_name", json!("\u{0}")),
        ("family_name", json!("\u{7f}")),
        ("picture", json!("javascript:alert(1)")),
        ("picture", json!("data:image/svg+xml,<svg onload=alert(1)>")),
        ("picture", json!("http://example.com/a.png")),
        ("picture", json!("https://example.com/a b")),
        ("picture", json!(format!("https://example.com/{}", "a".repeat(2_000)))),
        ("locale", json!("")),
        ("locale", json!("en_GB")),
        ("locale", json!("en--GB")),
        ("password", json!("short")),
        ("password", json!("x".repeat(513))),
    ] {
        let mut body = json!({ "email": "ada@example.com" });
        body[field] = value.clone();
        let answer = admin.post("/api/v1/users", &body).await.refused(400, "invalid_request");
        assert_eq!(answer.fields(), [field], "{value}");
        let text = String::from_utf8(answer.body).unwrap();
        assert!(!text.contains("alert") && !text.contains("Set-Cookie"), "the value came back: {text}");
    }
    assert_eq!(admin.get("/api/v1/users").await.json["data"], json!([]));
}

/// The parser's own words quote what was sent.
#[tokio::test]
async fn a_password_of_the_wrong_type_does_not_come_back() {
    let site = App::start().await;
    let admin = site.admin().await;
    for body in [
        json!({ "email": "ada@example.com", "password": { "hunter2secret": true } }),
        json!({ "email": "ada@example.com", "email_verified": "hunter2secret" }),
        json!({ "email": ["hunter2secret"] }),
    ] {
        let answer = admin.post("/api/v1/users", &body).await.refused(400, "invalid_request");
        assert!(!String::from_utf8(answer.body).unwrap().contains("hunter2"));
    }
}

#[tokio::test]
async fn a_password_is_never_shown() {
    let site = App::start().await;
    let admin = site.admin().await;
    let sent = json!({ "email": "ada@example.com", "password": "correct horse" });
    let made = admin.post("/api/v1/users", &sent).await.expect(201);
    let path = format!("/api/v1/users/{}", made.text("id"));
    let changed = admin.patch(&path, &json!({ "password": "battery staple" })).await.expect(200);
    for answer in [made, changed, admin.get(&path).await, admin.get("/api/v1/users").await] {
        let text = String::from_utf8(answer.body).unwrap();
        assert!(!text.contains("horse") && !text.contains("staple") && !text.contains("argon2"), "{text}");
        assert!(!text.contains("password_hash"), "{text}");
    }
}

#[tokio::test]
async fn a_password_change_kills_the_users_tokens_and_nobody_elses() {
    let site = App::start().await;
    let admin = site.admin().await;
    let introspector = site.machine_client(&[]).await;
    let reader = site.client(intelliauth_model::ApplicationKind::M2m, "", &[API]).await;
    let _ = introspector;
    let (ada, bob) = (site.user().await, site.user().await);
    let adas = site.sign_in(&ada, API).await.tokens.access_token;
    let bobs = site.sign_in(&bob, API).await.tokens.access_token;
    let active = async |token: &str| {
        let asked = site.anon().form("/oauth2/introspect", &[("token", token)]);
        asked.header("authorization", reader.basic()).await.expect(200).json["active"] == true
    };
    assert!(active(adas.expose()).await && active(bobs.expose()).await);
    let path = format!("/api/v1/users/{}", ada.id);
    // A change that is none of the password's leaves tokens alone.
    admin.patch(&path, &json!({ "name": "Ada King" })).await.expect(200);
    assert!(active(adas.expose()).await);
    admin.patch(&path, &json!({ "password": "battery staple" })).await.expect(200);
    assert!(!active(adas.expose()).await, "the token outlived the password");
    assert!(active(bobs.expose()).await);
    let fresh = site.sign_in(&ada, API).await.tokens.access_token;
    assert!(active(fresh.expose()).await, "a token from after the change, in the same second");
}

#[tokio::test]
async fn a_deleted_users_tokens_are_dead() {
    let site = App::start().await;
    let reader = site.client(intelliauth_model::ApplicationKind::M2m, "", &[API]).await;
    let ada = site.user().await;
    let token = site.sign_in(&ada, API).await.tokens.access_token;
    site.admin().await.delete(&format!("/api/v1/users/{}", ada.id)).await.expect(204);
    let asked = site.anon().form("/oauth2/introspect", &[("token", token.expose())]);
    let answer = asked.header("authorization", reader.basic()).await.expect(200);
    assert_eq!(answer.json, json!({ "active": false }));
}

#[tokio::test]
async fn each_operation_needs_its_own_scope() {
    let site = App::start().await;
    let id = site.user().await.id;
    let path = format!("/api/v1/users/{id}");
    let reader = site.machine(&["users:read", "applications:read", "applications:write"]).await;
    reader.get(&path).await.expect(200);
    reader.get("/api/v1/users").await.expect(200);
    let body = json!({ "email": "new@example.com" });
    for refused in [
        reader.post("/api/v1/users", &body).await,
        reader.patch(&path, &body).await,
        reader.delete(&path).await,
    ] {
        let refused = refused.refused(403, "insufficient_scope");
        assert_eq!(
            refused.header("www-authenticate"),
            r#"Bearer error="insufficient_scope", scope="users:write""#
        );
        assert_eq!(refused.json["details"]["required_scope"], "users:write");
    }
    let writer = site.machine(&["users:write"]).await;
    writer.get(&path).await.refused(403, "insufficient_scope");
    writer.get("/api/v1/users").await.refused(403, "insufficient_scope");
    writer.delete(&path).await.expect(204);
}

/// A text that cannot be an id names nothing.
#[tokio::test]
async fn strange_ids_are_not_found() {
    let site = App::start().await;
    let admin = site.admin().await;
    let id = site.user().await.id.to_string();
    let application = id.replace("usr_", "app_");
    for strange in [
        id.to_lowercase(),
        application,
        format!("{id}0"),
        "usr_".to_owned(),
        "%00".to_owned(),
        "%ff%fe".to_owned(),
        "..%2f..%2fetc%2fpasswd".to_owned(),
        "'%20OR%201=1--".to_owned(),
        format!("{id}%20"),
    ] {
        let path = format!("/api/v1/users/{strange}");
        admin.get(&path).await.refused(404, "not_found");
        admin.delete(&path).await.refused(404, "not_found");
    }
    admin.get(&format!("/api/v1/users/{id}")).await.expect(200);
}
