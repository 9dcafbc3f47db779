//! Which published keys count.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use intelliauth_jose::{Algorithm, SigningKey};
use intelliauth_verify::{KeySet, KeySetError};
use serde_json::{Value, json};

fn published(kid: &str) -> Value {
    let mut jwk = SigningKey::generate(Algorithm::EdDsa).unwrap().public_jwk().to_value();
    jwk.as_object_mut().unwrap().insert("kid".to_owned(), json!(kid));
    jwk
}

fn set(keys: &[Value]) -> Result<KeySet, KeySetError> {
    KeySet::from_jwks(&json!({ "keys": keys }))
}

#[test]
fn documents_that_are_no_set_are_told_from_empty_sets() {
    for document in
        [json!(null), json!([]), json!({}), json!("keys"), json!({ "keys": {} }), json!({ "keys": null })]
    {
        assert_eq!(KeySet::from_jwks(&document).unwrap_err(), KeySetError::NotAKeySet, "{document}");
    }
    assert!(set(&[]).unwrap().is_empty());
}

#[test]
fn the_number_of_keys_is_bounded() {
    let keys: Vec<_> = (0..65).map(|at| published(&at.to_string())).collect();
    assert_eq!(set(&keys).unwrap_err(), KeySetError::TooManyKeys);
    assert_eq!(set(&keys[..64]).unwrap().len(), 64);
}

/// RFC 7517 §5: keys that cannot be used are left out, and do not spoil the others.
#[test]
fn a_key_of_another_kind_spoils_no_other() {
    let odd = [json!(7), json!(null), json!({}), json!({ "kty": "oct", "kid": "oct", "k": "AA" })];
    let keys: Vec<_> = odd.into_iter().chain([published("good")]).collect();
    let keys = set(&keys).unwrap();
    assert_eq!(keys.len(), 1);
    assert!(keys.get("good").is_some() && keys.get("oct").is_none());
}

#[test]
fn of_two_keys_with_one_id_neither_counts() {
    let keys = set(&[published("twice"), published("once"), published("twice")]).unwrap();
    assert!(keys.get("twice").is_none());
    assert!(keys.get("once").is_some());
    let unusable = json!({ "kty": "EC", "crv": "P-384", "kid": "twice" });
    assert!(set(&[published("twice"), unusable]).unwrap().is_empty(), "whatever the other is");
}

#[test]
fn a_key_is_found_by_its_whole_id_only() {
    let keys = set(&[published("kid")]).unwrap();
    for other in ["", "KID", "ki", "kid ", "kid\0", "kidd"] {
        assert!(keys.get(other).is_none(), "{other:?}");
    }
    assert_eq!(keys.get("kid").unwrap().algorithm(), Algorithm::EdDsa);
}
