//! The JWKS and the life of signing keys.

use std::collections::HashSet;

use intelliauth_engine::{
    Error,
    keys::{self, Followed, Rotation},
};
use intelliauth_model::{ApplicationKind, KeyAlgorithm};
use intelliauth_verify::{KeySet, Policy, verify};
use serde_json::Value;

use crate::support::{API, App, Client, Site, header};

const ALGORITHM: KeyAlgorithm = KeyAlgorithm::ES256;

async fn jwks(site: &Site) -> Value {
    site.anon().get("/.well-known/jwks.json").await.expect(200).json
}

fn kids(jwks: &Value) -> HashSet<String> {
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// By force a second later: even then every node has to know the key.
async fn rotate(site: &Site, force: bool) -> Result<Rotation, Error> {
    if force {
        site.clock().advance(1);
    }
    keys::rotate(&site.tenancy().await, &site.operator(), ALGORITHM, force).await
}

async fn follow_schedule(site: &Site) -> Followed {
    keys::follow_schedule(&site.tenancy().await).await.expect("a look")
}

/// Whether an API with this JWKS takes the token.
fn holds(site: &Site, jwks: &Value, token: &str) -> bool {
    let keys = KeySet::from_jwks(jwks).expect("a key set");
    let policy = Policy::new(&*site.url, [API.to_owned()]);
    verify(token, &policy, &keys, None, site.clock().seconds()).is_ok()
}

async fn machine(site: &Site) -> Client {
    site.client(ApplicationKind::M2m, "pay", &[API]).await
}

#[tokio::test]
async fn the_jwks_has_current_and_next_of_every_algorithm_and_nothing_private() {
    let site = App::start().await;
    let answer = site.anon().get("/.well-known/jwks.json").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/jwk-set+json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let listed = answer.json["keys"].as_array().unwrap();
    let algorithms: Vec<&str> = listed.iter().map(|key| key["alg"].as_str().unwrap()).collect();
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        assert_eq!(algorithms.iter().filter(|found| **found == algorithm).count(), 2, "{algorithm}");
    }
    for key in listed {
        let key = key.as_object().unwrap();
        assert_eq!(key["use"], "sig");
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(!key.contains_key(private), "a private member {private}");
        }
        let known = ["kty", "kid", "alg", "use", "n", "e", "crv", "x", "y"];
        assert!(key.keys().all(|member| known.contains(&member.as_str())), "{key:?}");
    }
    assert_eq!(kids(&answer.json).len(), 6, "kids are unique");
}

#[tokio::test]
async fn tenants_share_no_key() {
    let site = App::start().await;
    let neighbour = site.neighbour().await;
    assert!(kids(&jwks(&site).await).is_disjoint(&kids(&jwks(&neighbour).await)));
}

#[tokio::test]
async fn an_unchanged_jwks_is_304_and_a_changed_one_is_not() {
    let site = App::start().await;
    let path = "/.well-known/jwks.json";
    let etag = site.anon().get(path).await.expect(200).header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 10, "{etag}");
    for sent in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
        let answer = site.anon().get(path).header("if-none-match", &sent).await.expect(304);
        assert!(answer.body.is_empty());
        assert_eq!((answer.header("etag"), answer.header("cache-control")), (&*etag, "public, max-age=300"));
    }
    for other in ["\"x\"", &etag[1..etag.len() - 1], ""] {
        site.anon().get(path).header("if-none-match", other).await.expect(200);
    }
    // Configuration that is not keys leaves it alone.
    machine(&site).await;
    site.anon().get(path).header("if-none-match", &etag).await.expect(304);
    rotate(&site, true).await.unwrap();
    let changed = site.anon().get(path).header("if-none-match", &etag).await.expect(200);
    assert_ne!(changed.header("etag"), etag);
}

#[tokio::test]
async fn a_key_is_published_900_seconds_before_it_signs() {
    let site = App::start().await;
    let client = machine(&site).await;
    let old = site.token(&client, &[]).await;
    site.clock().advance_ms(899_999);
    let Err(Error::Refused { code, message }) = rotate(&site, false).await else {
        panic!("rotated too soon")
    };
    assert_eq!(code, "key_not_yet_published");
    assert!(message.contains("in 1 s"), "{message}");
    let cached = jwks(&site).await;
    site.clock().advance_ms(1);
    let rotation = rotate(&site, false).await.unwrap();
    let new = site.token(&client, &[]).await;
    assert_eq!(header(&new)["kid"], rotation.current.as_str());
    assert_eq!(header(&old)["kid"].as_str(), rotation.previous.as_deref());
    // A verifier whose JWKS is from before the rotation takes both.
    assert!(holds(&site, &cached, &old) && holds(&site, &cached, &new));
    let fresh = jwks(&site).await;
    assert!(holds(&site, &fresh, &old) && holds(&site, &fresh, &new));
    assert!(kids(&fresh).contains(&rotation.next) && !kids(&cached).contains(&rotation.next));
    // And the one just published has to wait in turn.
    assert!(rotate(&site, false).await.is_err());
    // Other algorithms stand where they stood.
    let other = keys::published(&site.tenancy().await);
    assert_eq!(other.iter().filter(|key| key.algorithm != ALGORITHM).count(), 4);
}

#[tokio::test]
async fn force_does_not_wait_and_old_tokens_stay_good() {
    let site = App::start().await;
    let client = machine(&site).await;
    let mut tokens = vec![site.token(&client, &[]).await];
    for _ in 0..3 {
        rotate(&site, true).await.unwrap();
        tokens.push(site.token(&client, &[]).await);
    }
    let now = jwks(&site).await;
    assert!(tokens.iter().all(|token| holds(&site, &now, token)));
    let used: HashSet<_> = tokens.iter().map(|token| header(token)["kid"].to_string()).collect();
    assert_eq!(used.len(), 4);
}

/// By force or not: for a second another node may not publish the key that was made last.
#[tokio::test]
async fn nobody_signs_with_a_key_that_another_node_may_not_publish() {
    let site = App::start().await;
    let force = async || keys::rotate(&site.tenancy().await, &site.operator(), ALGORITHM, true).await;
    site.clock().advance(60);
    force().await.unwrap();
    let refusal = force().await.unwrap_err();
    assert!(
        matches!(&refusal, Error::Refused { code: "key_not_yet_published", message } if message.contains("in 1 s")),
        "{refusal}"
    );
    site.clock().advance_ms(999);
    force().await.unwrap_err();
    site.clock().advance_ms(1);
    force().await.unwrap();
}

/// Verifiers refuse a JWKS of more than 64 keys: rotating by force in a loop was an outage of everything.
#[tokio::test]
async fn bug_forced_rotations_outgrew_what_verifiers_take() {
    let site = App::start().await;
    let client = machine(&site).await;
    let old = site.token(&client, &[]).await;
    let mut last = None;
    for _ in 0..70 {
        last = rotate(&site, true).await.err().or(last);
    }
    assert!(matches!(last, Some(Error::Refused { code: "too_many_keys", .. })), "{last:?}");
    assert!(holds(&site, &jwks(&site).await, &old));
    // A stolen key can be withdrawn all the same, and time helps.
    let kid = keys::published(&site.tenancy().await).pop().unwrap().kid;
    keys::withdraw(&site.tenancy().await, &site.operator(), &kid).await.unwrap();
    site.clock().advance(2 * 86_400);
    assert!(follow_schedule(&site).await.retired > 40);
    rotate(&site, true).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_key_takes_its_tokens_along() {
    let site = App::start().await;
    let client = machine(&site).await;
    let management = site.machine_client(&["users:read"]).await;
    let (old, actor) = (site.token(&client, &[]).await, site.act_as(&management).await);
    let kid = header(&old)["kid"].as_str().unwrap().to_owned();
    let withdraw = async |kid: &str| keys::withdraw(&site.tenancy().await, &site.operator(), kid).await;
    withdraw(&kid).await.unwrap();
    let now = jwks(&site).await;
    assert!(!kids(&now).contains(&kid));
    assert!(!holds(&site, &now, &old));
    actor.get("/api/v1/users").await.refused(401, "invalid_token");
    // The tenant signs on, by the key that was next, and has another one next.
    let new = site.token(&client, &[]).await;
    assert!(holds(&site, &now, &new));
    assert_eq!(kids(&now).len(), 6);
    assert_eq!(withdraw(&kid).await, Err(Error::NotFound("key")));
    // The next key can be withdrawn too, and a previous one without replacement.
    let rotation = rotate(&site, true).await.unwrap();
    withdraw(&rotation.next).await.unwrap();
    assert_eq!(kids(&jwks(&site).await).len(), 7);
    assert!(rotate(&site, false).await.is_err(), "the replacement is as new as it looks");
    withdraw(&rotation.previous.unwrap()).await.unwrap();
    assert_eq!(kids(&jwks(&site).await).len(), 6);
}

#[tokio::test]
async fn keys_rotate_by_schedule_and_retires_when_the_last_token_is_dead() {
    let site = App::start().await;
    let first = kids(&jwks(&site).await);
    assert_eq!(follow_schedule(&site).await, Followed::default());
    site.clock().advance(90 * 86_400 - 1);
    assert_eq!(follow_schedule(&site).await.rotated, 0);
    site.clock().advance(1);
    assert_eq!(follow_schedule(&site).await.rotated, 3);
    assert_eq!(follow_schedule(&site).await.rotated, 0, "once");
    assert_eq!(jwks(&site).await["keys"].as_array().unwrap().len(), 9);
    site.clock().advance(86_400 + 899);
    assert_eq!(follow_schedule(&site).await.retired, 0);
    site.clock().advance(1);
    assert_eq!(follow_schedule(&site).await.retired, 3);
    let now = kids(&jwks(&site).await);
    assert_eq!((now.len(), now.intersection(&first).count()), (6, 3));
}

#[tokio::test]
async fn the_schedule_can_be_changed_and_turned_off() {
    let site = App::start().await;
    site.settings(|settings| settings.key_rotation_days = 0).await;
    site.clock().advance(1_000 * 86_400);
    assert_eq!(follow_schedule(&site).await.rotated, 0);
    site.settings(|settings| settings.key_rotation_days = 30).await;
    assert_eq!(follow_schedule(&site).await.rotated, 3);
    site.clock().advance(30 * 86_400);
    assert_eq!(follow_schedule(&site).await.rotated, 3);
}

/// Two nodes that do the same round at once do no harm: one of them is told that it came second.
#[tokio::test]
async fn two_rounds_at_once_rotate_once() {
    let site = App::start().await;
    site.clock().advance(90 * 86_400);
    let (one, two) = (site.tenancy().await, site.tenancy().await);
    let (one, two) = tokio::join!(keys::follow_schedule(&one), keys::follow_schedule(&two));
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    // Whoever came second may find the rest to do.
    follow_schedule(&site).await;
    let published = keys::published(&site.tenancy().await);
    for state in ["previous", "current", "next"] {
        assert_eq!(published.iter().filter(|key| key.state.name() == state).count(), 3, "{state}");
    }
}

/// A key that is due while its successor is younger than the lead waits for it.
#[tokio::test]
async fn the_schedule_keeps_to_the_lead_time() {
    let site = App::start().await;
    site.clock().advance(90 * 86_400);
    let next = keys::published(&site.tenancy().await)
        .into_iter()
        .find(|key| key.algorithm == ALGORITHM && key.state.name() == "next")
        .unwrap();
    keys::withdraw(&site.tenancy().await, &site.operator(), &next.kid).await.unwrap();
    assert_eq!(follow_schedule(&site).await.rotated, 2);
    site.clock().advance(900);
    assert_eq!(follow_schedule(&site).await.rotated, 1);
}
