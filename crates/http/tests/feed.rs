//! The revocation feed, end to end: what the tenant publishes, as the verifiers read it.

use intelliauth_engine::{applications, forgetting, keys, sessions, tenants, users};
use intelliauth_model::ApplicationKind;
use intelliauth_verify::{
    AccessClaims, Entry, Feed, FeedBody, KeySet, Policy, Revocations, parse_feed, verify,
};

use crate::support::{API, App, Site, header};

/// An API that verifies tokens and follows the feed.
struct Api {
    keys: KeySet,
    revocations: Revocations,
    policy: Policy,
}

impl Api {
    async fn of(site: &Site) -> Self {
        let jwks = site.anon().get("/.well-known/jwks.json").await.expect(200).json;
        Self {
            keys: KeySet::from_jwks(&jwks).expect("a key set"),
            revocations: Revocations::new(&*site.url),
            policy: Policy::new(&*site.url, [API.to_owned()]),
        }
    }

    fn read(&self, site: &Site, token: &[u8]) -> Feed {
        parse_feed(std::str::from_utf8(token).unwrap(), &self.keys, &site.url).expect("a feed")
    }

    /// Asks as the SDK does: from where it stands, or for a snapshot.
    async fn poll(&mut self, site: &Site) -> Feed {
        let path = match self.revocations.seq() {
            Some(seq) if !self.revocations.needs_snapshot() => format!("/oauth2/revocations?since={seq}"),
            _ => "/oauth2/revocations".to_owned(),
        };
        let answer = site.anon().get(&path).await.expect(200);
        let feed = self.read(site, &answer.body);
        self.revocations.apply(&feed, site.clock().seconds()).expect("applied");
        feed
    }

    fn claims(&self, site: &Site, token: &str) -> AccessClaims {
        verify(token, &self.policy, &self.keys, None, site.clock().seconds()).expect("verified").into_inner()
    }

    fn refuses(&self, site: &Site, token: &str) -> bool {
        let now = site.clock().seconds();
        let verdict = verify(token, &self.policy, &self.keys, Some(&self.revocations), now);
        match verdict {
            Ok(_) => false,
            Err(refusal) => {
                assert_eq!(refusal.code(), "token_revoked");
                true
            }
        }
    }
}

async fn snapshot(site: &Site, api: &Api, query: &str) -> Feed {
    let answer = site.anon().get(&format!("/oauth2/revocations{query}")).await.expect(200);
    api.read(site, &answer.body)
}

fn numbers(feed: &Feed) -> Vec<i64> {
    feed.entries.iter().map(|entry: &Entry| entry.seq).collect()
}

#[tokio::test]
async fn an_empty_log_is_a_signed_snapshot() {
    let site = App::start().await;
    let answer = site.anon().get("/oauth2/revocations").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/revocations+jwt");
    assert_eq!(answer.header("cache-control"), "public, max-age=1");
    let token = String::from_utf8(answer.body.clone()).unwrap();
    assert_eq!(header(&token)["typ"], "revocations+jwt");
    let api = Api::of(&site).await;
    let feed = api.read(&site, &answer.body);
    assert!(matches!(feed.body, FeedBody::Snapshot) && feed.entries.is_empty() && feed.seq == 0);
    // It is no access token, and it is nobody else's feed.
    assert!(verify(&token, &api.policy, &api.keys, None, site.clock().seconds()).is_err());
    assert!(parse_feed(&token, &api.keys, "http://next-acme.localhost:8480").is_err());
    let other = Api::of(&site.neighbour().await).await;
    assert!(parse_feed(&token, &other.keys, &site.url).is_err());
}

#[tokio::test]
async fn all_five_kinds_reach_the_verifier() {
    let site = App::start().await;
    let mut api = Api::of(&site).await;
    api.poll(&site).await;
    let operator = site.operator();
    let user = site.user().await;
    let spa = site.client(ApplicationKind::Spa, "openid", &[API]).await;
    let machine = site.client(ApplicationKind::M2m, "", &[API]).await;
    for kind in ["token", "session", "user", "client", "tenant"] {
        let token = site.sign_in_at(&user, spa.id, API).await;
        let (session, token) = (token.session, token.tokens.access_token.expose().to_owned());
        let bystander = site.token(&machine, &[]).await;
        api.poll(&site).await;
        assert!(!api.refuses(&site, &token), "{kind}");
        let tenancy = site.tenancy().await;
        match kind {
            "token" => {
                let id = spa.id.to_string();
                site.anon()
                    .form("/oauth2/revoke", &[("token", &token), ("client_id", &id)])
                    .await
                    .expect(200);
            }
            "session" => sessions::revoke(&tenancy, &operator, session).await.unwrap(),
            "user" => users::revoke_tokens(&tenancy, &operator, user.id).await.unwrap(),
            "client" => applications::revoke_tokens(&tenancy, &operator, spa.id).await.unwrap(),
            _ => tenants::revoke_tokens(&tenancy, &operator).await.unwrap(),
        }
        let feed = api.poll(&site).await;
        assert!(matches!(feed.body, FeedBody::Delta { .. }), "{kind}");
        let last = feed.entries.last().unwrap();
        assert_eq!(last.kind, kind);
        assert!(api.refuses(&site, &token), "{kind}: the verifier takes the token");
        assert_eq!(api.refuses(&site, &bystander), kind == "tenant", "{kind}: the bystander");
        let new = site.sign_in_at(&user, spa.id, API).await.tokens.access_token;
        assert!(!api.refuses(&site, new.expose()), "{kind}: a token from after the revocation");
        site.clock().advance(10);
    }
    // Somebody who comes later learns the same from a snapshot.
    let mut late = Api::of(&site).await;
    let feed = late.poll(&site).await;
    assert_eq!((numbers(&feed), feed.seq), (vec![1, 2, 3, 4, 5], 5));
    assert_eq!(late.revocations.len(), api.revocations.len());
}

#[tokio::test]
async fn the_feed_names_nobody() {
    let site = App::start().await;
    let user = site.user().await;
    users::revoke_tokens(&site.tenancy().await, &site.operator(), user.id).await.unwrap();
    let token = String::from_utf8(site.anon().get("/oauth2/revocations").await.body).unwrap();
    let text = crate::support::claims(&token).to_string();
    assert!(text.contains(&intelliauth_verify::id_hash("user", &user.id.to_string())));
    assert!(!text.contains("usr_") && !text.contains(user.email.as_str()), "{text}");
}

#[tokio::test]
async fn what_cannot_be_served_as_a_delta_is_a_snapshot() {
    let site = App::start().await;
    let api = Api::of(&site).await;
    for _ in 0..5 {
        let user = site.user().await.id;
        users::revoke_tokens(&site.tenancy().await, &site.operator(), user).await.unwrap();
    }
    for since in ["6", "1000000", "9223372036854775807"] {
        let feed = snapshot(&site, &api, &format!("?since={since}")).await;
        assert!(matches!(feed.body, FeedBody::Snapshot), "{since}");
        assert_eq!(numbers(&feed), [1, 2, 3, 4, 5]);
    }
    for since in 0..=5 {
        let feed = snapshot(&site, &api, &format!("?since={since}")).await;
        let FeedBody::Delta { since: from } = feed.body else { panic!("{since} is no delta") };
        assert!((0..=since).contains(&from), "{from} for {since}");
        assert_eq!(feed.seq, 5);
        assert_eq!(numbers(&feed), (from + 1..=5).collect::<Vec<_>>());
    }
    for bad in ["-1", "x", "", "1.0", "9223372036854775808", "1&since=2", "%00"] {
        let answer = site.anon().get(&format!("/oauth2/revocations?since={bad}")).await;
        answer.refused(400, "invalid_request");
    }
}

/// An entry goes when the last token it could kill is dead, and the number does not run backwards.
#[tokio::test]
async fn expired_entries_leave_the_feed_and_the_store() {
    let site = App::start().await;
    let api = Api::of(&site).await;
    let client = site.client(ApplicationKind::M2m, "", &[API]).await;
    let token = site.token(&client, &[]).await;
    let sent = site.anon().form("/oauth2/revoke", &[("token", &token)]);
    sent.header("authorization", client.basic()).await.expect(200);
    let exp = api.claims(&site, &token).exp;
    let user = site.user().await.id;
    users::revoke_tokens(&site.tenancy().await, &site.operator(), user).await.unwrap();
    assert_eq!(numbers(&snapshot(&site, &api, "").await), [1, 2]);
    // As long as any verifier could take the token, whatever tolerance it chose, it is in the feed.
    site.clock().advance(3_600 + 299);
    assert!(site.clock().seconds() >= exp + 299);
    assert_eq!(numbers(&snapshot(&site, &api, "").await), [1, 2]);
    site.clock().advance(1);
    assert_eq!(numbers(&snapshot(&site, &api, "").await), [2]);
    assert_eq!(forgetting::forget(&site.tenancy().await, None).await.unwrap().rows, 1);
    site.clock().advance(86_400);
    forgetting::forget(&site.tenancy().await, None).await.unwrap();
    let feed = snapshot(&site, &api, "").await;
    assert_eq!((numbers(&feed), feed.seq), (vec![], 2));
    let feed = snapshot(&site, &api, "?since=2").await;
    assert!(matches!(feed.body, FeedBody::Delta { since: 2 }) && feed.entries.is_empty());
    users::revoke_tokens(&site.tenancy().await, &site.operator(), user).await.unwrap();
    assert_eq!(numbers(&snapshot(&site, &api, "?since=2").await), [3]);
}

#[tokio::test]
async fn an_answer_is_shared_for_a_second_but_never_past_our_own_revocation() {
    let site = App::start().await;
    let api = Api::of(&site).await;
    let ask = async || site.anon().get("/oauth2/revocations").await.expect(200);
    let first = ask().await;
    site.clock().advance_ms(999);
    // ES256 signs differently each time, so equal bytes are a shared answer.
    assert_eq!(ask().await.body, first.body, "not shared");
    site.clock().advance_ms(1);
    let second = ask().await;
    assert_ne!(second.body, first.body, "shared for too long");
    assert_ne!(second.header("etag"), first.header("etag"));
    let user = site.user().await.id;
    users::revoke_tokens(&site.tenancy().await, &site.operator(), user).await.unwrap();
    assert_eq!(numbers(&snapshot(&site, &api, "").await), [1], "stale");
    // A clock that goes back does not bring an old answer back for ever.
    site.clock().advance(-3_600);
    assert_eq!(snapshot(&site, &api, "").await.iat, site.clock().seconds());
}

#[tokio::test]
async fn an_unchanged_answer_is_304() {
    let site = App::start().await;
    let path = "/oauth2/revocations";
    let etag = site.anon().get(path).await.expect(200).header("etag").to_owned();
    let same = site.anon().get(path).header("if-none-match", &etag).await.expect(304);
    assert_eq!((same.header("etag"), same.body.len()), (&*etag, 0));
    let user = site.user().await.id;
    users::revoke_tokens(&site.tenancy().await, &site.operator(), user).await.unwrap();
    site.anon().get(path).header("if-none-match", &etag).await.expect(200);
    // Deltas and snapshots are not each other's.
    let snapshot = site.anon().get(path).await.header("etag").to_owned();
    site.anon().get("/oauth2/revocations?since=1").header("if-none-match", &snapshot).await.expect(200);
}

/// For a second after a key was withdrawn, or the issuer moved, everybody was given the answer from before.
#[tokio::test]
async fn bug_the_feed_of_a_withdrawn_key_was_shared() {
    let mut site = App::start().await;
    let old = site.anon().get("/oauth2/revocations").await.expect(200);
    let kid = header(std::str::from_utf8(&old.body).unwrap())["kid"].as_str().unwrap().to_owned();
    keys::withdraw(&site.tenancy().await, &site.operator(), &kid).await.unwrap();
    let new = site.anon().get("/oauth2/revocations").header("if-none-match", old.header("etag")).await;
    let api = Api::of(&site).await;
    api.read(&site, &new.expect(200).body);

    let moved = "http://moved.localhost:8480".to_owned();
    let change = tenants::TenantChange { issuer: Some(moved.parse().unwrap()), ..Default::default() };
    site.change(change).await;
    site.url = moved;
    snapshot(&site, &api, "").await;
}

#[tokio::test]
async fn each_tenant_has_its_own_log() {
    let site = App::start().await;
    let neighbour = site.neighbour().await;
    let user = site.user().await.id;
    users::revoke_tokens(&site.tenancy().await, &site.operator(), user).await.unwrap();
    let (ours, theirs) = (Api::of(&site).await, Api::of(&neighbour).await);
    assert_eq!(snapshot(&site, &ours, "").await.seq, 1);
    assert_eq!(snapshot(&neighbour, &theirs, "").await.seq, 0);
}
