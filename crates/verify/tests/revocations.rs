//! The revocation log's state machine: what may be applied, what it kills, and what never weakens it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails is to panic"
)]

mod support;

use intelliauth_verify::{FeedError, Policy, Refusal, Revocations, id_hash, verify};
use serde_json::{Value, json};
use support::{AUDIENCE, ISSUER, NOW, Tenant};

const LATER: i64 = NOW + 90_000;

fn entry(seq: i64, kind: &str, id: &str, not_before: i64, expires_at: i64) -> Value {
    let id_hash = id_hash(kind, id);
    json!({ "seq": seq, "kind": kind, "id_hash": id_hash, "not_before": not_before, "expires_at": expires_at })
}

fn snapshot(seq: i64, entries: &[Value]) -> Value {
    json!({ "iss": ISSUER, "iat": NOW, "type": "snapshot", "seq": seq, "entries": entries })
}

fn delta(since: i64, seq: i64, entries: &[Value]) -> Value {
    json!({ "iss": ISSUER, "iat": NOW, "type": "delta", "since": since, "seq": seq, "entries": entries })
}

/// A tenant and what one of its verifiers knows.
struct World {
    tenant: Tenant,
    state: Revocations,
}

impl World {
    fn new() -> Self {
        Self { tenant: Tenant::new(ISSUER), state: Revocations::new(ISSUER) }
    }

    fn apply(&mut self, feed: &Value) -> Result<usize, FeedError> {
        let feed = self.tenant.feed(feed)?;
        self.state.apply(&feed, NOW).map(|applied| applied.changed)
    }

    fn revoked(&self, changes: &Value) -> bool {
        let policy = Policy::new(ISSUER, [AUDIENCE.to_owned()]);
        let token = self.tenant.access_token(changes);
        match verify(&token, &policy, &self.tenant.keys, Some(&self.state), NOW) {
            Ok(_) => false,
            Err(Refusal::Revoked) => true,
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn nothing_is_known_before_the_first_snapshot() {
    let mut world = World::new();
    assert!(world.state.needs_snapshot());
    assert_eq!(world.state.seq(), None);
    assert_eq!(world.apply(&delta(0, 1, &[])), Err(FeedError::OutOfOrder));
    assert_eq!(world.apply(&snapshot(0, &[])), Ok(0));
    assert!(!world.state.needs_snapshot());
    assert_eq!(world.state.seq(), Some(0));
}

#[test]
fn deltas_extend_a_snapshot() {
    let mut world = World::new();
    world.apply(&snapshot(4, &[entry(4, "token", "tok_x", NOW, LATER)])).unwrap();
    assert!(!world.revoked(&json!({})));
    assert_eq!(world.apply(&delta(4, 5, &[entry(5, "session", "ses_1", NOW, LATER)])), Ok(1));
    assert!(world.revoked(&json!({})));
    assert_eq!((world.state.seq(), world.state.len()), (Some(5), 2));
}

#[test]
fn a_delta_may_overlap_what_is_known() {
    let mut world = World::new();
    let known = entry(2, "token", "tok_1", NOW, LATER);
    world.apply(&snapshot(2, std::slice::from_ref(&known))).unwrap();
    assert_eq!(world.apply(&delta(0, 3, &[known, entry(3, "user", "usr_x", NOW, LATER)])), Ok(1));
    assert_eq!(world.state.len(), 2);
    assert_eq!(world.apply(&delta(3, 3, &[])), Ok(0), "nothing new is fine too");
}

#[test]
fn a_delta_after_a_gap_is_not_applied() {
    let mut world = World::new();
    world.apply(&snapshot(2, &[])).unwrap();
    let gap = delta(3, 4, &[entry(4, "token", "tok_1", NOW, LATER)]);
    assert_eq!(world.apply(&gap), Err(FeedError::OutOfOrder));
    assert_eq!(world.state.seq(), Some(2), "or the next delta would hide what was missed");
    assert!(world.state.is_empty());
}

#[test]
fn the_number_never_runs_backwards() {
    let mut world = World::new();
    world.apply(&snapshot(7, &[entry(7, "token", "tok_1", NOW, LATER)])).unwrap();
    for stale in [snapshot(6, &[]), delta(3, 6, &[]), delta(0, 0, &[]), snapshot(0, &[])] {
        assert_eq!(world.apply(&stale), Err(FeedError::OutOfOrder), "{stale}");
        assert!(world.revoked(&json!({})), "an old feed played back revives nothing");
    }
    assert_eq!(world.state.seq(), Some(7));
}

#[test]
fn a_snapshot_replaces_what_deltas_built() {
    let mut world = World::new();
    world.apply(&snapshot(1, &[entry(1, "token", "tok_1", NOW, LATER)])).unwrap();
    world.apply(&delta(1, 2, &[entry(2, "client", "app_x", NOW, LATER)])).unwrap();
    world.apply(&snapshot(3, &[entry(3, "user", "usr_x", NOW, LATER)])).unwrap();
    assert_eq!((world.state.seq(), world.state.len()), (Some(3), 1));
    assert!(!world.revoked(&json!({})));
}

#[test]
fn a_later_entry_never_weakens_an_earlier_one() {
    let mut world = World::new();
    let strong = entry(1, "user", "usr_1", NOW, LATER);
    let weak = entry(2, "user", "usr_1", NOW - 9000, NOW + 1);
    world.apply(&snapshot(1, &[strong])).unwrap();
    assert_eq!(world.apply(&delta(1, 2, &[weak])), Ok(0));
    assert!(world.revoked(&json!({})), "not_before stays");
    world.state.prune(NOW + 1000);
    assert!(world.revoked(&json!({})), "expires_at stays");
}

#[test]
fn a_later_entry_may_strengthen_an_earlier_one() {
    let mut world = World::new();
    world.apply(&snapshot(1, &[entry(1, "user", "usr_1", NOW - 9000, LATER)])).unwrap();
    assert!(!world.revoked(&json!({})));
    assert_eq!(world.apply(&delta(1, 2, &[entry(2, "user", "usr_1", NOW, LATER)])), Ok(1));
    assert!(world.revoked(&json!({})));
}

#[test]
fn kinds_of_another_name_are_kept_out_of_the_way() {
    let mut world = World::new();
    let odd = entry(1, "device", "usr_1", NOW, LATER);
    world.apply(&snapshot(1, &[odd, entry(2, "user", "tok_1", NOW, LATER)])).unwrap();
    assert!(!world.revoked(&json!({})));
}

#[test]
fn the_state_is_as_old_as_its_signature() {
    let mut world = World::new();
    let feed = world.tenant.feed(&snapshot(1, &[])).unwrap();
    world.state.apply(&feed, NOW + 5).unwrap();
    assert_eq!(world.state.as_of(), NOW + 5, "received soon after it was signed");
    world.state.apply(&feed, NOW + 5000).unwrap();
    assert_eq!(world.state.as_of(), NOW + 30, "a feed played back makes nothing fresh");
}

#[test]
fn expired_entries_are_forgotten_once_no_token_can_live() {
    let mut world = World::new();
    world.apply(&snapshot(1, &[entry(1, "token", "tok_1", NOW, NOW + 10)])).unwrap();
    world.state.prune(NOW + 10);
    assert_eq!(world.state.len(), 1, "tokens live on for the clock tolerance, 300 s at most");
    world.state.prune(NOW + 10 + 300);
    assert_eq!(world.state.len(), 0);
}

#[test]
fn no_revoked_token_revives_within_the_clock_tolerance() {
    let mut world = World::new();
    let exp = NOW - 10;
    world.apply(&snapshot(1, &[entry(1, "token", "tok_1", NOW - 500, exp)])).unwrap();
    assert!(world.revoked(&json!({ "exp": exp })));
}
