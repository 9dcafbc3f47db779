//! What a policy may widen and narrow, and what a verdict tells its driver.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails is to panic"
)]

mod support;

use intelliauth_jose::{Algorithm, SigningKey};
use intelliauth_verify::{KeySet, KeySetError, Policy, Refusal, verify};
use serde_json::json;
use support::{AUDIENCE, ISSUER, NOW, Tenant};

fn policy() -> Policy {
    Policy::new(ISSUER, [AUDIENCE.to_owned()])
}

fn verdict(policy: &Policy, changes: &serde_json::Value) -> Result<(), Refusal> {
    let tenant = Tenant::new(ISSUER);
    verify(&tenant.access_token(changes), policy, &tenant.keys, None, NOW).map(|_| ())
}

#[test]
fn a_verified_token_tells_its_claims() {
    let tenant = Tenant::new(ISSUER);
    let token = tenant
        .access_token(&json!({ "scope": "a  b c", "name": "Ana", "iat": NOW - 5, "nbf": 1_799_999_995.5 }));
    let claims = verify(&token, &policy(), &tenant.keys, None, NOW).unwrap();
    assert_eq!((claims.sub.as_str(), claims.jti.as_str(), claims.kid.as_str()), ("usr_1", "tok_1", "test"));
    assert_eq!((claims.iat, claims.nbf, claims.algorithm), (NOW - 5, Some(NOW - 5), Algorithm::EdDsa));
    assert_eq!(claims.scopes().collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(claims.into_inner().all["name"], "Ana");
}

#[test]
fn without_an_audience_nothing_is_accepted() {
    assert_eq!(verdict(&Policy::new(ISSUER, []), &json!({})), Err(Refusal::Audience));
    assert_eq!(verdict(&Policy::new(ISSUER, []), &json!({ "aud": [] })), Err(Refusal::Audience));
}

#[test]
fn any_audience_has_to_be_asked_for_by_name_and_widens_nothing_else() {
    let any = policy().dangerous_any_audience();
    assert_eq!(verdict(&any, &json!({ "aud": "api.other.example" })), Ok(()));
    assert_eq!(verdict(&any, &json!({ "aud": 7 })), Err(Refusal::Claim("aud")));
    assert_eq!(verdict(&any, &json!({ "aud": null })), Err(Refusal::Claim("aud")), "left out");
    assert_eq!(verdict(&any, &json!({ "iss": "https://rival-bank.auth.example" })), Err(Refusal::Issuer));
    assert_eq!(verdict(&any, &json!({ "exp": NOW - 3600 })), Err(Refusal::Expired));
}

#[test]
fn the_clock_tolerance_is_capped() {
    let generous = policy().clock_tolerance(u32::MAX);
    assert_eq!(verdict(&generous, &json!({ "exp": NOW - 299 })), Ok(()));
    assert_eq!(verdict(&generous, &json!({ "exp": NOW - 300 })), Err(Refusal::Expired));
    let strict = policy().clock_tolerance(0);
    assert_eq!(verdict(&strict, &json!({ "exp": NOW })), Err(Refusal::Expired));
    assert_eq!(verdict(&strict, &json!({ "exp": NOW + 1, "iat": NOW })), Ok(()));
    assert_eq!(verdict(&strict, &json!({ "iat": NOW + 1 })), Err(Refusal::NotYet));
}

#[test]
fn without_an_algorithm_nothing_is_accepted() {
    assert_eq!(verdict(&policy().algorithms([]), &json!({})), Err(Refusal::Header("alg")));
}

#[test]
fn an_unknown_key_is_told_apart_so_that_a_driver_may_fetch_again() {
    let tenant = Tenant::new(ISSUER);
    let refused =
        verify(&tenant.access_token(&json!({})), &policy(), &KeySet::default(), None, NOW).unwrap_err();
    assert_eq!(refused, Refusal::UnknownKey { kid: "test".to_owned() });
    assert_eq!(refused.code(), "invalid_token");
}

#[test]
fn extreme_clocks_do_not_overflow() {
    let tenant = Tenant::new(ISSUER);
    let token = tenant.access_token(&json!({}));
    for now in [i64::MIN, i64::MAX] {
        assert!(verify(&token, &policy(), &tenant.keys, None, now).is_err());
    }
}

#[test]
fn documents_that_are_no_key_set_are_refused() {
    for document in [json!(null), json!([]), json!({}), json!({ "keys": {} }), json!({ "keys": null })] {
        assert_eq!(KeySet::from_jwks(&document).unwrap_err(), KeySetError::NotAKeySet, "{document}");
    }
    assert!(KeySet::from_jwks(&json!({ "keys": [] })).unwrap().is_empty());
}

#[test]
fn a_key_set_has_64_keys_at_most() {
    let key = SigningKey::generate(Algorithm::EdDsa).unwrap().public_jwk().to_value();
    let keys = |count: usize| {
        let mut keys = vec![key.clone(); count];
        for (at, key) in keys.iter_mut().enumerate() {
            key["kid"] = json!(at.to_string());
        }
        json!({ "keys": keys })
    };
    assert_eq!(KeySet::from_jwks(&keys(64)).unwrap().len(), 64);
    assert_eq!(KeySet::from_jwks(&keys(65)).unwrap_err(), KeySetError::TooManyKeys);
}
