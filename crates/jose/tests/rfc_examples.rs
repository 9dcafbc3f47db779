//! The examples the standards print.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails is to panic"
)]

mod support;

use intelliauth_jose::{Algorithm, Compact, Jwk, SigningKey, b64_decode};
use serde_json::{Value, json};
use support::accepts;

fn examples(list: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(include_str!("data/rfc.json")).unwrap();
    document[list].as_array().unwrap().clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn examples_with_algorithms_on_the_list_hold() {
    for example in examples("accepted") {
        assert!(accepts(&example["jwk"], text(&example["jws"])), "{}", example["name"]);
        let algorithm = Jwk::parse(&example["jwk"]).unwrap().algorithm.unwrap();
        assert_eq!(algorithm.as_str(), example["algorithm"]);
    }
}

#[test]
fn examples_with_other_algorithms_are_refused() {
    for example in examples("refused") {
        assert!(!accepts(&example["jwk"], text(&example["jws"])), "{}", example["name"]);
    }
}

#[test]
fn no_example_holds_with_another_s_key() {
    let accepted = examples("accepted");
    for (at, example) in accepted.iter().enumerate() {
        for (other_at, other) in accepted.iter().enumerate().filter(|(other_at, _)| *other_at != at) {
            let held = accepts(&other["jwk"], text(&example["jws"]));
            assert!(!held, "{} with key {other_at}", example["name"]);
        }
    }
}

#[test]
fn deterministic_examples_are_signed_anew() {
    let examples = examples("accepted");
    let with_private = examples.iter().filter(|example| example.get("pkcs8").is_some());
    let mut signed = 0;
    for example in with_private {
        let algorithm: Algorithm = text(&example["algorithm"]).parse().unwrap();
        let der = b64_decode(text(&example["pkcs8"])).unwrap();
        let key = SigningKey::from_pkcs8(algorithm, &der).unwrap();
        let parts = Compact::parse(text(&example["jws"])).unwrap();
        assert_eq!(key.sign(parts.signing_input.as_bytes()).unwrap(), parts.signature, "{}", example["name"]);
        let public = Jwk::parse(&example["jwk"]).unwrap();
        assert_eq!(key.public_jwk().thumbprint(), public.thumbprint());
        signed += 1;
    }
    assert_eq!(signed, 2);
}

#[test]
fn rfc_7638_thumbprint() {
    let jwk = json!({
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    });
    let jwk = Jwk::parse(&jwk).unwrap();
    assert_eq!(jwk.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(jwk.kid.as_deref(), Some("2011-04-29"), "a key keeps the id it was published under");
}

#[test]
fn rfc_8037_thumbprint() {
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    assert_eq!(Jwk::parse(&jwk).unwrap().thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}
