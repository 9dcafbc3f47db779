//! Project Wycheproof's signature sets, through the same JWKs a tenant publishes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails is to panic"
)]

use intelliauth_jose::{Jwk, VerifyingKey, b64_encode};
use serde_json::{Value, json};
use wycheproof::{TestResult, ecdsa, eddsa, rsa_pkcs1_verify as rsa};

fn key(jwk: &Value) -> VerifyingKey {
    Jwk::parse(jwk).unwrap().verifying_key().unwrap()
}

/// Whole bytes without leading zeros but for the width asked for: the sets write numbers, a JWK has bytes.
fn number(bytes: &[u8], width: usize) -> String {
    let significant = bytes.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<_>>();
    let zeros = vec![0; width.saturating_sub(significant.len())];
    b64_encode(&[zeros, significant].concat())
}

/// Counts the verdicts that differ; `acceptable` may go either way.
#[derive(Default)]
struct Tally {
    tests: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn count(&mut self, id: usize, comment: &str, expected: TestResult, holds: bool) {
        self.tests += 1;
        let wrong = match expected {
            TestResult::Valid => !holds,
            TestResult::Invalid => holds,
            TestResult::Acceptable => false,
        };
        if wrong {
            self.wrong.push(format!("{id} {comment}: {expected:?}, but holds = {holds}"));
        }
    }

    fn assert(self, at_least: usize) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        assert!(self.tests >= at_least, "only {} tests", self.tests);
    }
}

fn rsa_set(name: rsa::TestName) -> Tally {
    let mut tally = Tally::default();
    for group in rsa::TestSet::load(name).unwrap().test_groups {
        let key = key(&json!({ "kty": "RSA", "n": number(&group.key.n, 0), "e": number(&group.key.e, 0) }));
        for test in group.tests {
            tally.count(test.tc_id, &test.comment, test.result, key.verify(&test.msg, &test.sig));
        }
    }
    tally
}

#[test]
fn rsa_pkcs1_2048_sha256() {
    rsa_set(rsa::TestName::Rsa2048Sha256).assert(200);
}

#[test]
fn rsa_pkcs1_3072_sha256() {
    rsa_set(rsa::TestName::Rsa3072Sha256).assert(200);
}

#[test]
fn rsa_pkcs1_4096_sha256() {
    rsa_set(rsa::TestName::Rsa4096Sha256).assert(200);
}

#[test]
fn rsa_pkcs1_2048_sha512_signatures_are_no_rs256() {
    for group in rsa::TestSet::load(rsa::TestName::Rsa2048Sha512).unwrap().test_groups {
        let key = key(&json!({ "kty": "RSA", "n": number(&group.key.n, 0), "e": number(&group.key.e, 0) }));
        for test in group.tests.iter().filter(|test| test.result == TestResult::Valid) {
            assert!(!key.verify(&test.msg, &test.sig), "{}", test.tc_id);
        }
    }
}

#[test]
fn ecdsa_p256_sha256_p1363() {
    let mut tally = Tally::default();
    for group in ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap().test_groups {
        let (x, y) = (number(&group.key.affine_x, 32), number(&group.key.affine_y, 32));
        let key = key(&json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }));
        for test in group.tests {
            tally.count(test.tc_id, &test.comment, test.result, key.verify(&test.msg, &test.sig));
        }
    }
    tally.assert(200);
}

#[test]
fn ed25519() {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key = key(&json!({ "kty": "OKP", "crv": "Ed25519", "x": b64_encode(&group.key.pk) }));
        for test in group.tests {
            tally.count(test.tc_id, &test.comment, test.result, key.verify(&test.msg, &test.sig));
        }
    }
    tally.assert(100);
}
