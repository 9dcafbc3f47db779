//! Lists and their cursors, which are data from a stranger (the class of Hydra's GHSA-r9w3-57w2-gch2).

use serde_json::json;

use crate::support::{Actor, App, Site};

/// Follows the cursors from `path` and gives every id seen, in order.
async fn walk(actor: &Actor, path: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = actor.get(&format!("{path}{cursor}")).await.expect(200);
        let data = page.json["data"].as_array().expect("data");
        ids.extend(data.iter().map(|row| row["id"].as_str().expect("an id").to_owned()));
        match page.json["meta"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

async fn people(site: &Site, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(site.user().await.id.to_string());
    }
    ids.sort();
    ids.reverse();
    ids
}

#[tokio::test]
async fn cursors_walk_every_row_once_newest_first() {
    let site = App::start().await;
    let admin = site.admin().await;
    // All in one millisecond: the order must be total even so.
    let expected = people(&site, 120).await;
    for limit in [1, 7, 40, 60, 119, 120, 121, 200] {
        let seen = walk(&admin, &format!("/api/v1/users?limit={limit}")).await;
        assert_eq!(seen, expected, "limit {limit}");
    }
    let first = admin.get("/api/v1/users").await.expect(200);
    assert_eq!(first.json["data"].as_array().map(Vec::len), Some(50));
    assert_eq!(first.json["meta"]["limit"], 50);
    // Exactly full is not the same as more to come.
    let full = admin.get("/api/v1/users?limit=120").await.expect(200);
    assert_eq!(full.json["meta"], json!({ "next_cursor": null, "limit": 120 }));
}

#[tokio::test]
async fn rows_that_come_and_go_do_not_disturb_a_walk() {
    let site = App::start().await;
    let admin = site.admin().await;
    let ids = people(&site, 6).await;
    let first = admin.get("/api/v1/users?limit=2").await.expect(200);
    let cursor = first.json["meta"]["next_cursor"].as_str().unwrap().to_owned();
    admin.delete(&format!("/api/v1/users/{}", ids[1])).await.expect(204);
    site.clock().advance(1);
    site.user().await;
    let rest = admin.get(&format!("/api/v1/users?limit=200&cursor={cursor}")).await.expect(200);
    let rest: Vec<_> = rest.json["data"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(rest, ids[2..]);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list_filter_and_tenant() {
    let site = App::start().await;
    let admin = site.admin().await;
    people(&site, 3).await;
    let cursor = async |actor: &Actor, path: &str| {
        let page = actor.get(path).await.expect(200);
        page.json["meta"]["next_cursor"].as_str().expect("a cursor").to_owned()
    };
    let plain = cursor(&admin, "/api/v1/users?limit=1").await;
    let filtered = cursor(&admin, "/api/v1/users?limit=1&email=ada").await;
    let neighbour = site.neighbour().await;
    people(&neighbour, 3).await;
    let stranger = neighbour.admin().await;
    let foreign = cursor(&stranger, "/api/v1/users?limit=1").await;
    site.machine(&[]).await;
    let applications = cursor(&admin, "/api/v1/applications?limit=1").await;

    admin.get(&format!("/api/v1/users?cursor={plain}&limit=3")).await.expect(200);
    admin.get(&format!("/api/v1/users?cursor={filtered}&email=ADA")).await.expect(200);
    for path in [
        format!("/api/v1/users?email=ada&cursor={plain}"),
        format!("/api/v1/users?email=a&cursor={filtered}"),
        format!("/api/v1/users?cursor={filtered}"),
        format!("/api/v1/users?cursor={foreign}"),
        format!("/api/v1/users?cursor={applications}"),
        format!("/api/v1/applications?cursor={plain}"),
        "/api/v1/users?cursor=".to_owned(),
        "/api/v1/users?cursor=AAAA".to_owned(),
        format!("/api/v1/users?cursor={}", "A".repeat(43)),
        format!("/api/v1/users?cursor={plain}="),
        format!("/api/v1/users?cursor={plain}A"),
    ] {
        let refused = admin.get(&path).await.refused(400, "invalid_request");
        assert_eq!(refused.fields(), ["cursor"], "{path}");
    }
}

#[tokio::test]
async fn any_changed_character_of_a_cursor_is_noticed() {
    let site = App::start().await;
    let admin = site.admin().await;
    people(&site, 2).await;
    let page = admin.get("/api/v1/users?limit=1").await.expect(200);
    let cursor = page.json["meta"]["next_cursor"].as_str().unwrap().to_owned();
    for index in 0..cursor.len() {
        let mut bytes = cursor.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        admin.get(&format!("/api/v1/users?cursor={changed}")).await.refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn limits_are_bounded_and_said_once() {
    let site = App::start().await;
    let admin = site.admin().await;
    for list in ["/api/v1/users", "/api/v1/applications"] {
        for good in ["1", "200"] {
            admin.get(&format!("{list}?limit={good}")).await.expect(200);
        }
        for bad in ["0", "201", "-1", "4294967297", "1.5", "ten", "", "%31%00", "1&limit=2"] {
            admin.get(&format!("{list}?limit={bad}")).await.refused(400, "invalid_request");
        }
    }
    admin.get("/api/v1/users?email=a&email=b").await.refused(400, "invalid_request");
    admin.get(&format!("/api/v1/users?email={}", "a".repeat(255))).await.refused(400, "invalid_request");
}

/// A filter that is misspelt and ignored gives everybody.
#[tokio::test]
async fn bug_unknown_parameters_were_ignored() {
    let site = App::start().await;
    let admin = site.admin().await;
    for path in [
        "/api/v1/users?emial=ada",
        "/api/v1/users?limit=1&q=ada",
        "/api/v1/users?Email=ada",
        "/api/v1/users?status",
        "/api/v1/applications?email=ada",
        "/api/v1/applications?limit=1&page=2",
        "/oauth2/revocations?sicne=1",
        "/oauth2/revocations?since=0&until=3",
        "/oauth2/revocations?x",
    ] {
        let refused = admin.get(path).await.expect(400);
        assert_eq!(refused.code(), "invalid_request", "{path}");
    }
    for path in ["/api/v1/users?", "/api/v1/applications?limit=1", "/oauth2/revocations?since=0"] {
        admin.get(path).await.expect(200);
    }
}

/// `%` and `_` are letters of an address here, not patterns (`q=%` lists everybody elsewhere).
#[tokio::test]
async fn the_address_prefix_is_literal() {
    let site = App::start().await;
    let admin = site.admin().await;
    for email in
        ["a%b@example.com", "a_b@example.com", "axb@example.com", "zoë@example.com", "a*b@example.com"]
    {
        admin.post("/api/v1/users", &json!({ "email": email })).await.expect(201);
    }
    let found = async |prefix: &str| {
        let query: String = url::form_urlencoded::byte_serialize(prefix.as_bytes()).collect();
        let page = admin.get(&format!("/api/v1/users?email={query}")).await.expect(200);
        let mut found: Vec<String> = page.json["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["email"].as_str().unwrap().to_owned())
            .collect();
        found.sort();
        found
    };
    assert_eq!(found("a%").await, ["a%b@example.com"]);
    assert_eq!(found("a_").await, ["a_b@example.com"]);
    assert_eq!(found("A_B@EXAMPLE").await, ["a_b@example.com"]);
    assert_eq!(found("a*").await, ["a*b@example.com"]);
    assert_eq!(found("zo").await, ["zoë@example.com"]);
    assert_eq!(found("a").await.len(), 4);
    assert_eq!(found("").await.len(), 5);
    for nobody in ["%", "_", "' OR '1'='1", "example.com", "a%b@example.comx"] {
        assert!(found(nobody).await.is_empty(), "{nobody}");
    }
}
