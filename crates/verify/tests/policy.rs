//! What a policy can be told, what it does when it is told too little or too much, and what it hands out.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use intelliauth_jose::{Algorithm, SigningKey, sign_compact};
use intelliauth_verify::{KeySet, Policy, Refusal, verify};
use serde_json::{Value, json};

const ISSUER: &str = "https://acme-bank.auth.example";
const AUDIENCE: &str = "api.banking.example";
const NOW: i64 = 1_800_000_000;

struct Issuer {
    key: SigningKey,
    keys: KeySet,
}

impl Issuer {
    fn new() -> Self {
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        let keys = KeySet::from_jwks(&json!({ "keys": [key.public_jwk()] })).unwrap();
        Self { key, keys }
    }

    /// A good token but for one claim.
    fn token(&self, name: &str, value: Value) -> String {
        let mut claims = json!({
            "iss": ISSUER, "sub": "usr_1", "aud": AUDIENCE, "exp": NOW + 3600, "iat": NOW,
            "jti": "tok_1", "client_id": "app_1",
        });
        claims.as_object_mut().unwrap().insert(name.to_owned(), value);
        sign_compact(&self.key, "at+jwt", &self.kid(), claims.to_string().as_bytes()).unwrap()
    }

    fn kid(&self) -> String {
        self.key.public_jwk().kid.unwrap()
    }

    fn refusal(&self, token: &str, policy: &Policy, now: i64) -> Option<Refusal> {
        verify(token, policy, &self.keys, None, now).err()
    }
}

fn policy() -> Policy {
    Policy::new(ISSUER, [AUDIENCE.to_owned()])
}

#[test]
fn no_audience_is_nobody_s_audience() {
    let issuer = Issuer::new();
    let none = Policy::new(ISSUER, []);
    for aud in [json!(AUDIENCE), json!(""), json!([]), json!(ISSUER)] {
        let token = issuer.token("aud", aud.clone());
        assert_eq!(issuer.refusal(&token, &none, NOW), Some(Refusal::Audience), "{aud}");
    }
}

#[test]
fn any_audience_waives_the_audience_alone() {
    let issuer = Issuer::new();
    let any = policy().dangerous_any_audience();
    assert_eq!(issuer.refusal(&issuer.token("aud", json!("another API")), &any, NOW), None);
    for (name, value, refused) in [
        ("aud", json!(null), Refusal::Claim("aud")),
        ("aud", json!([AUDIENCE, 1]), Refusal::Claim("aud")),
        ("iss", json!("https://rival-bank.auth.example"), Refusal::Issuer),
        ("exp", json!(NOW - 30), Refusal::Expired),
        ("cnf", json!({ "jkt": "x" }), Refusal::Bound),
        ("nbf", json!(NOW + 31), Refusal::NotYet),
    ] {
        let token = issuer.token(name, value.clone());
        assert_eq!(issuer.refusal(&token, &any, NOW), Some(refused), "{name} {value}");
    }
}

#[test]
fn no_algorithm_is_no_token() {
    let issuer = Issuer::new();
    let token = issuer.token("scope", json!("read"));
    let refused = Some(Refusal::Header("alg"));
    assert_eq!(issuer.refusal(&token, &policy().algorithms([]), NOW), refused);
    assert_eq!(issuer.refusal(&token, &policy().algorithms([Algorithm::Rs256]), NOW), refused);
    assert_eq!(issuer.refusal(&token, &policy().algorithms([Algorithm::EdDsa]), NOW), None);
}

/// Up to and including the second before `exp` + tolerance a token lives, whatever the tolerance.
#[test]
fn the_tolerance_is_as_told_and_at_most_five_minutes() {
    let issuer = Issuer::new();
    let token = issuer.token("scope", json!("read"));
    let (exp, default) = (NOW + 3600, policy());
    for (policy, tolerance) in [
        (&default, 30),
        (&policy().clock_tolerance(0), 0),
        (&policy().clock_tolerance(1), 1),
        (&policy().clock_tolerance(300), 300),
        (&policy().clock_tolerance(301), 300),
        (&policy().clock_tolerance(u32::MAX), 300),
    ] {
        assert_eq!(issuer.refusal(&token, policy, exp + tolerance - 1), None, "{tolerance}");
        assert_eq!(issuer.refusal(&token, policy, exp + tolerance), Some(Refusal::Expired), "{tolerance}");
    }
}

#[test]
fn clocks_at_the_ends_of_time_do_not_panic() {
    let issuer = Issuer::new();
    let token = issuer.token("nbf", json!(NOW));
    assert_eq!(issuer.refusal(&token, &policy(), i64::MAX), Some(Refusal::Expired));
    assert_eq!(issuer.refusal(&token, &policy(), i64::MIN), Some(Refusal::NotYet));
}

#[test]
fn an_unknown_key_is_named_so_that_a_driver_can_look_again() {
    let (ours, theirs) = (Issuer::new(), Issuer::new());
    let token = theirs.token("scope", json!("read"));
    let refused = ours.refusal(&token, &policy(), NOW).unwrap();
    assert_eq!(refused, Refusal::UnknownKey { kid: theirs.kid() });
    assert_eq!(refused.code(), "invalid_token");
}

#[test]
fn what_was_verified_is_what_was_signed() {
    let issuer = Issuer::new();
    let token = issuer.token("scope", json!(" read  write "));
    let claims = verify(&token, &policy(), &issuer.keys, None, NOW).unwrap();
    assert_eq!(claims.scopes().collect::<Vec<_>>(), ["read", "write"]);
    assert_eq!((claims.kid.as_str(), claims.algorithm), (issuer.kid().as_str(), Algorithm::EdDsa));
    assert_eq!((claims.exp, claims.iat, claims.nbf, claims.sid.as_deref()), (NOW + 3600, NOW, None, None));
    assert_eq!((claims.aud.as_slice(), claims.all.len()), (&[AUDIENCE.to_owned()][..], 8));
    let claims = claims.into_inner();
    assert_eq!(claims.all["client_id"], claims.client_id.as_str());
}

#[test]
fn codes_are_stable() {
    let codes = [
        (Refusal::Expired, "token_expired"),
        (Refusal::Revoked, "token_revoked"),
        (Refusal::Audience, "invalid_audience"),
        (Refusal::Issuer, "invalid_token"),
        (Refusal::NotYet, "invalid_token"),
        (Refusal::Bound, "invalid_token"),
        (Refusal::Signature, "invalid_token"),
        (Refusal::KeyMismatch, "invalid_token"),
        (Refusal::Claim("sub"), "invalid_token"),
        (Refusal::Header("alg"), "invalid_token"),
        (Refusal::Malformed("it is too long"), "invalid_token"),
    ];
    for (refusal, code) in codes {
        assert_eq!(refusal.code(), code, "{refusal:?}");
    }
}
