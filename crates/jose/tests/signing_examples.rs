//! The RFCs' examples with an algorithm that signs the same bytes every time, signed anew.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use intelliauth_jose::{Algorithm, Compact, Jwk, SigningKey, b64_decode};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Examples {
    examples: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    source: String,
    algorithm: String,
    jwk: Value,
    pkcs8: String,
    jws: String,
}

#[test]
fn deterministic_examples_are_signed_anew() {
    let Examples { examples } = serde_json::from_str(include_str!("signing_examples.json")).unwrap();
    assert_eq!(examples.len(), 2);
    for Example { source, algorithm, jwk, pkcs8, jws } in examples {
        let algorithm: Algorithm = algorithm.parse().unwrap();
        let key = SigningKey::from_pkcs8(algorithm, &b64_decode(&pkcs8).unwrap()).unwrap();
        let jws = Compact::parse(&jws).unwrap();
        assert_eq!(key.sign(jws.signing_input.as_bytes()).unwrap(), jws.signature, "{source}");
        assert_eq!(key.public_jwk().thumbprint(), Jwk::parse(&jwk).unwrap().thumbprint(), "{source}");
    }
}
