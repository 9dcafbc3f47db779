//! What a rotation promises about the secret before.

use axum::http::Method;
use intelliauth_engine::applications;

use crate::support::{App, Client, Site};

async fn answers(site: &Site, client: &Client) -> u16 {
    let sent = site.anon().form("/oauth2/token", &[("grant_type", "client_credentials")]);
    sent.header("authorization", client.basic()).await.status
}

/// The first rotation said that the old secret works for 72 hours; a second one a minute later ended it.
#[tokio::test]
async fn bug_a_second_rotation_broke_the_promise_of_the_first() {
    let site = App::start().await;
    let client = site.machine_client(&[]).await;
    let path = format!("/api/v1/applications/{}/rotate-secret", client.id);
    let rotate = async || site.admin().await.request(Method::POST, &path).await;
    let with = |secret: String| Client { secret, ..client.clone() };
    let second = with(rotate().await.expect(200).text("client_secret"));
    rotate().await.refused(409, "rotation_in_progress");
    site.clock().advance(72 * 3600 - 1);
    rotate().await.refused(409, "rotation_in_progress");
    assert_eq!((answers(&site, &client).await, answers(&site, &second).await), (200, 200));
    site.clock().advance(1);
    let third = with(rotate().await.expect(200).text("client_secret"));
    assert_eq!((answers(&site, &client).await, answers(&site, &second).await), (401, 200));
    // Whoever says so ends both.
    let (tenancy, operator) = (site.tenancy().await, site.operator());
    let rotated = applications::rotate_secret(&tenancy, &operator, client.id, true, None).await.unwrap();
    assert_eq!(rotated.previous_expires_at, None);
    let fourth = with(rotated.secret.unwrap().expose().to_owned());
    assert_eq!((answers(&site, &second).await, answers(&site, &third).await), (401, 401));
    assert_eq!(answers(&site, &fourth).await, 200);
    // And nothing is promised any more.
    rotate().await.expect(200);
}
