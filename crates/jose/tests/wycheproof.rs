//! Project Wycheproof's signatures through the one door that checks them.
//!
//! `acceptable` results may go either way; everything else must be as the set says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helpers are test code")]

use intelliauth_jose::{Algorithm, Jwk, VerifyingKey, b64_encode};
use serde_json::{Value, json};
use wycheproof::{TestResult, ecdsa, eddsa, rsa_pkcs1_verify};

fn key(jwk: &Value, algorithm: Algorithm) -> VerifyingKey {
    let key = Jwk::parse(jwk).unwrap().verifying_key().unwrap();
    assert_eq!(key.algorithm(), algorithm);
    key
}

/// Counts what the set holds, so that an empty or renamed set cannot pass for a tested one.
#[derive(Default)]
struct Tally {
    valid: usize,
    invalid: usize,
}

impl Tally {
    fn check(&mut self, name: &str, expected: TestResult, accepted: bool) {
        match expected {
            TestResult::Valid => {
                self.valid += 1;
                assert!(accepted, "{name} is valid and was refused");
            }
            TestResult::Invalid => {
                self.invalid += 1;
                assert!(!accepted, "{name} is invalid and was accepted");
            }
            TestResult::Acceptable => {}
        }
    }

    fn assert_at_least(&self, valid: usize, invalid: usize) {
        assert!(self.valid >= valid, "only {} valid ones", self.valid);
        assert!(self.invalid >= invalid, "only {} invalid ones", self.invalid);
    }
}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

fn rsa(name: rsa_pkcs1_verify::TestName) -> Tally {
    let mut tally = Tally::default();
    for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
        let n = b64_encode(without_leading_zeros(&group.key.n));
        let e = b64_encode(without_leading_zeros(&group.key.e));
        let key = key(&json!({ "kty": "RSA", "n": n, "e": e }), Algorithm::Rs256);
        for test in group.tests {
            let accepted = key.verify(&test.msg, &test.sig);
            tally.check(&format!("{name:?} {} {}", test.tc_id, test.comment), test.result, accepted);
        }
    }
    tally
}

#[test]
fn rsa_pkcs1_2048_sha256() {
    rsa(rsa_pkcs1_verify::TestName::Rsa2048Sha256).assert_at_least(5, 200);
}

#[test]
fn rsa_pkcs1_of_larger_moduli() {
    rsa(rsa_pkcs1_verify::TestName::Rsa3072Sha256).assert_at_least(5, 200);
    rsa(rsa_pkcs1_verify::TestName::Rsa4096Sha256).assert_at_least(5, 200);
    rsa(rsa_pkcs1_verify::TestName::Rsa8192Sha256).assert_at_least(5, 200);
}

/// Signatures over another digest are good signatures, and not RS256.
#[test]
fn rsa_pkcs1_of_other_digests_never_holds() {
    for name in [rsa_pkcs1_verify::TestName::Rsa2048Sha384, rsa_pkcs1_verify::TestName::Rsa2048Sha512] {
        let mut tried = 0;
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let n = b64_encode(without_leading_zeros(&group.key.n));
            let e = b64_encode(without_leading_zeros(&group.key.e));
            let key = key(&json!({ "kty": "RSA", "n": n, "e": e }), Algorithm::Rs256);
            for test in group.tests.iter().filter(|test| test.result == TestResult::Valid) {
                tried += 1;
                assert!(!key.verify(&test.msg, &test.sig), "{name:?} {}", test.tc_id);
            }
        }
        assert!(tried >= 5, "{name:?}: only {tried}");
    }
}

fn ecdsa(name: ecdsa::TestName) -> impl Iterator<Item = (VerifyingKey, ecdsa::Test)> {
    ecdsa::TestSet::load(name).unwrap().test_groups.into_iter().flat_map(|group| {
        // SEC 1 §2.3.3: 0x04, x, y.
        let point = &group.key.key;
        assert_eq!((point.len(), point[0]), (65, 4));
        let (x, y) = (b64_encode(&point[1..33]), b64_encode(&point[33..]));
        let key = key(&json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }), Algorithm::Es256);
        group.tests.into_iter().map(move |test| (key.clone(), test))
    })
}

#[test]
fn ecdsa_p256_sha256_as_jws_spells_it() {
    let mut tally = Tally::default();
    for (key, test) in ecdsa(ecdsa::TestName::EcdsaSecp256r1Sha256P1363) {
        let accepted = key.verify(&test.msg, &test.sig);
        tally.check(&format!("P1363 {} {}", test.tc_id, test.comment), test.result, accepted);
    }
    tally.assert_at_least(150, 80);
}

/// RFC 7518 §3.4: r and s side by side. The same numbers in DER are another spelling of the same token.
#[test]
fn ecdsa_in_der_never_holds() {
    let tried = ecdsa(ecdsa::TestName::EcdsaSecp256r1Sha256)
        .inspect(|(key, test)| assert!(!key.verify(&test.msg, &test.sig), "DER {}", test.tc_id))
        .count();
    assert!(tried >= 400, "only {tried}");
}

#[test]
fn ed25519() {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let x = b64_encode(&group.key.pk);
        let key = key(&json!({ "kty": "OKP", "crv": "Ed25519", "x": x }), Algorithm::EdDsa);
        for test in group.tests {
            let accepted = key.verify(&test.msg, &test.sig);
            tally.check(&format!("Ed25519 {} {}", test.tc_id, test.comment), test.result, accepted);
        }
    }
    tally.assert_at_least(80, 50);
}
