//! When a driver has to ask for the whole log.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use intelliauth_jose::{Algorithm, SigningKey, sign_compact};
use intelliauth_verify::{FeedError, KeySet, Revocations, parse_feed};
use serde_json::{Value, json};

const ISSUER: &str = "https://acme-bank.auth.example";
const NOW: i64 = 1_800_000_000;

struct Log {
    key: SigningKey,
    keys: KeySet,
    state: Revocations,
}

impl Log {
    /// Known up to 5.
    fn at_five() -> Self {
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        let keys = KeySet::from_keys([("key".to_owned(), key.public_jwk().verifying_key().unwrap())]);
        let mut log = Self { key, keys, state: Revocations::new(ISSUER) };
        assert!(log.state.needs_snapshot(), "nothing is known yet");
        log.snapshot(5).unwrap();
        assert!(!log.state.needs_snapshot());
        log
    }

    fn apply(&mut self, payload: &Value) -> Result<(), FeedError> {
        let token =
            sign_compact(&self.key, "revocations+jwt", "key", payload.to_string().as_bytes()).unwrap();
        let feed = parse_feed(&token, &self.keys, ISSUER)?;
        self.state.apply(&feed, NOW).map(|_| ())
    }

    fn snapshot(&mut self, seq: i64) -> Result<(), FeedError> {
        self.apply(&json!({ "iss": ISSUER, "iat": NOW, "type": "snapshot", "seq": seq, "entries": [] }))
    }

    fn delta(&mut self, since: i64, seq: i64) -> Result<(), FeedError> {
        self.apply(
            &json!({ "iss": ISSUER, "iat": NOW, "type": "delta", "since": since, "seq": seq, "entries": [] }),
        )
    }
}

#[test]
fn a_gap_wants_a_snapshot_until_one_came() {
    let mut log = Log::at_five();
    assert_eq!(log.delta(6, 7), Err(FeedError::OutOfOrder));
    assert!(log.state.needs_snapshot());
    assert_eq!(log.state.seq(), Some(5));
    assert_eq!(log.snapshot(4), Err(FeedError::OutOfOrder));
    assert!(log.state.needs_snapshot(), "an old one does not help");
    log.snapshot(7).unwrap();
    assert!(!log.state.needs_snapshot());
}

#[test]
fn a_delta_that_follows_after_all_closes_the_gap() {
    let mut log = Log::at_five();
    assert_eq!(log.delta(6, 7), Err(FeedError::OutOfOrder));
    log.delta(5, 7).unwrap();
    assert!(!log.state.needs_snapshot());
    assert_eq!(log.state.seq(), Some(7));
}

#[test]
fn a_log_that_ran_backwards_wants_a_snapshot_and_takes_no_older_one() {
    let mut log = Log::at_five();
    assert_eq!(log.delta(3, 4), Err(FeedError::OutOfOrder));
    assert!(log.state.needs_snapshot());
    assert_eq!(log.snapshot(4), Err(FeedError::OutOfOrder));
    assert_eq!(log.state.seq(), Some(5), "what is known stays");
}
