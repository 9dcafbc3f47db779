//! The examples of the RFCs that this crate is written from.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use intelliauth_jose::{Compact, CompactError, Jwk, KeyError, Limits, b64_decode, parse_object};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Examples {
    valid: Vec<Example>,
    refused_keys: Vec<RefusedKey>,
    unsecured: String,
    thumbprints: Vec<Thumbprint>,
}

#[derive(Deserialize)]
struct Example {
    source: String,
    alg: String,
    jwk: Value,
    jws: String,
}

#[derive(Deserialize)]
struct RefusedKey {
    source: String,
    jwk: Value,
    jws: String,
}

#[derive(Deserialize)]
struct Thumbprint {
    source: String,
    expected: String,
    jwk: Value,
}

fn examples() -> Examples {
    serde_json::from_str(include_str!("rfc_examples.json")).unwrap()
}

#[test]
fn signed_examples_hold() {
    let examples = examples().valid;
    assert_eq!(examples.len(), 4);
    for Example { source, alg, jwk, jws } in examples {
        let key = Jwk::parse(&jwk).unwrap().verifying_key().unwrap();
        let jws = Compact::parse(&jws).unwrap();
        assert_eq!(key.algorithm().as_str(), alg, "{source}");
        assert_eq!(jws.header["alg"], alg.as_str(), "{source}");
        assert!(key.verify(jws.signing_input.as_bytes(), &jws.signature), "{source}");
    }
}

#[test]
fn signed_examples_fail_when_one_bit_differs() {
    for Example { source, jwk, jws, .. } in examples().valid {
        let key = Jwk::parse(&jwk).unwrap().verifying_key().unwrap();
        let jws = Compact::parse(&jws).unwrap();
        let input = jws.signing_input.as_bytes();
        for place in 0..jws.signature.len() * 8 {
            let mut signature = jws.signature.clone();
            signature[place / 8] ^= 1 << (place % 8);
            assert!(!key.verify(input, &signature), "{source}: bit {place} of the signature");
        }
        for place in 0..input.len() {
            let mut changed = input.to_vec();
            changed[place] ^= 1;
            assert!(!key.verify(&changed, &jws.signature), "{source}: byte {place} of the input");
        }
    }
}

#[test]
fn one_examples_key_never_checks_another_example() {
    let examples = examples().valid;
    for (mine, Example { jwk, .. }) in examples.iter().enumerate() {
        let key = Jwk::parse(jwk).unwrap().verifying_key().unwrap();
        for (other, Example { jws, .. }) in examples.iter().enumerate().filter(|(other, _)| *other != mine) {
            let jws = Compact::parse(jws).unwrap();
            assert!(!key.verify(jws.signing_input.as_bytes(), &jws.signature), "{mine} {other}");
        }
    }
}

#[test]
fn keys_off_the_list_are_no_keys() {
    let refused = examples().refused_keys;
    let verdicts: Vec<_> = refused.iter().map(|key| Jwk::parse(&key.jwk).unwrap_err()).collect();
    assert_eq!(verdicts, [KeyError::Unsuitable("crv"), KeyError::NotPublic]);
    for RefusedKey { source, jws, .. } in refused {
        assert!(Compact::parse(&jws).is_ok(), "{source}: the JWS itself is well-formed");
    }
}

#[test]
fn an_unsecured_jws_is_not_a_jws() {
    assert_eq!(Compact::parse(&examples().unsecured).unwrap_err(), CompactError::NotThreeParts);
}

#[test]
fn thumbprints_match() {
    for Thumbprint { source, expected, jwk } in examples().thumbprints {
        assert_eq!(Jwk::parse(&jwk).unwrap().thumbprint(), expected, "{source}");
    }
}

#[test]
fn the_claims_of_the_first_rfc_are_a_strict_object() {
    let example = examples().valid.remove(0);
    let payload = Compact::parse(&example.jws).unwrap().payload().unwrap();
    assert_eq!(payload["iss"], "joe");
    assert_eq!(payload["http://example.com/is_root"], true);
    let text = b64_decode(
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
    );
    assert_eq!(parse_object(&text.unwrap(), Limits::TOKEN).unwrap(), payload);
}
