//! Many at once: writes name the revision they read, so that nobody is overwritten unseen.

use std::future::IntoFuture;

use axum::http::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Answer, App, Client, Sending};

async fn at_once(requests: impl IntoIterator<Item = Sending>) -> Vec<Answer> {
    let mut running = JoinSet::new();
    for request in requests {
        running.spawn(request.into_future());
    }
    running.join_all().await
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_changes_each_is_done_or_told_of_the_conflict() {
    let site = App::start().await;
    let admin = site.admin().await;
    let path = format!("/api/v1/users/{}", site.user().await.id);
    let requests = (0..20).map(|n| admin.patch(&path, &json!({ "name": format!("n{n}") })));
    let answers = at_once(requests).await;
    let (done, conflicts) = (count(&answers, 200), count(&answers, 409));
    assert_eq!(done + conflicts, 20);
    let mut versions: Vec<_> =
        answers.iter().filter_map(|answer| answer.data()["version"].as_i64()).collect();
    versions.sort_unstable();
    assert_eq!(versions, (2..).take(done).collect::<Vec<_>>(), "a change was lost");
    assert_eq!(admin.get(&path).await.data()["version"], 1 + i64::try_from(done).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_users_with_one_address_one_is_made() {
    let site = App::start().await;
    let admin = site.admin().await;
    let body = json!({ "email": "ada@example.com" });
    let answers = at_once((0..20).map(|_| admin.post("/api/v1/users", &body))).await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 19));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_deletions_one_happens() {
    let site = App::start().await;
    let admin = site.admin().await;
    let path = format!("/api/v1/users/{}", site.user().await.id);
    let answers = at_once((0..10).map(|_| admin.delete(&path))).await;
    assert_eq!(count(&answers, 204), 1);
    assert_eq!(count(&answers, 404) + count(&answers, 409), 9);
}

/// However rotations meet, two of the secrets that were handed out work. Who came too late was told so in two ways:
/// `rotation_in_progress`, or `conflict` if the other rotation came after the look and before the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rotations_at_once_leave_two_secrets() {
    let site = App::start().await;
    let admin = site.admin().await;
    let client = site.machine_client(&[]).await;
    let path = format!("/api/v1/applications/{}/rotate-secret", client.id);
    let answers = at_once((0..8).map(|_| admin.request(Method::POST, &path))).await;
    for late in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(
            (late.status, late.text("error").as_str()),
            (409, "rotation_in_progress"),
            "{}",
            late.json
        );
    }
    let rotated = answers.iter().filter(|answer| answer.status == 200);
    let mut working = 0;
    for secret in rotated.map(|answer| answer.text("client_secret")).chain([client.secret.clone()]) {
        let client = Client { secret, ..client.clone() };
        let sent = site.anon().form("/oauth2/token", &[("grant_type", "client_credentials")]);
        working += usize::from(sent.header("authorization", client.basic()).await.status == 200);
    }
    assert_eq!(working, 2);
}

/// A token is either from before a revocation, and dead, or from after it, and good.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tokens_minted_while_everything_is_revoked_are_dead_or_good() {
    let site = App::start().await;
    let client = site.machine_client(&["users:read"]).await;
    let body = [("grant_type", "client_credentials")];
    for _ in 0..3 {
        let revoking = {
            let site = site.clone();
            tokio::spawn(async move {
                let (tenancy, operator) = (site.tenancy().await, site.operator());
                intelliauth_engine::tenants::revoke_tokens(&tenancy, &operator).await.unwrap();
            })
        };
        let ask = || site.anon().form("/oauth2/token", &body).header("authorization", client.basic());
        let during = at_once((0..8).map(|_| ask())).await;
        revoking.await.unwrap();
        let after = ask().await.expect(200).text("access_token");
        site.anon().bearing(&after).get("/api/v1/users").await.expect(200);
        for token in during {
            let token = token.expect(200).text("access_token");
            let answer = site.anon().bearing(&token).get("/api/v1/users").await;
            assert!(answer.status == 200 || answer.code() == "token_revoked", "{}", answer.json);
        }
        site.clock().advance(5);
    }
}
