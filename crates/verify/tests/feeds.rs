//! Who may feed the state of revocations: the issuer, with its own key, a document of the right type.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails is to panic"
)]

mod support;

use intelliauth_jose::MAX_TOKEN_BYTES;
use intelliauth_verify::{FeedError, KeySet, Revocations, id_hash, parse_feed};
use serde_json::{Value, json};
use support::{ISSUER, NOW, Tenant};

const TYP: &str = "revocations+jwt";

fn feed() -> Value {
    json!({ "iss": ISSUER, "iat": NOW, "type": "snapshot", "seq": 1, "entries": [] })
}

fn changed(name: &str, value: Value) -> Value {
    let mut feed = feed();
    feed[name] = value;
    feed
}

#[test]
fn a_good_feed_is_read() {
    let tenant = Tenant::new(ISSUER);
    let read = tenant.feed(&feed()).unwrap();
    assert_eq!((read.seq, read.iat, read.entries.len()), (1, NOW, 0));
    let with_newline = format!("{}\n", tenant.sign(TYP, &feed()));
    assert!(
        parse_feed(&with_newline, &tenant.keys, ISSUER).is_ok(),
        "a newline at the end is the transport's"
    );
}

#[test]
fn another_key_s_feed_is_refused() {
    let (ours, theirs) = (Tenant::new(ISSUER), Tenant::new(ISSUER));
    let forged = theirs.sign(TYP, &feed());
    assert_eq!(parse_feed(&forged, &ours.keys, ISSUER).unwrap_err(), FeedError::Signature);
    assert_eq!(parse_feed(&forged, &KeySet::default(), ISSUER).unwrap_err(), FeedError::UnknownKey);
}

#[test]
fn other_types_are_refused() {
    let tenant = Tenant::new(ISSUER);
    for typ in ["at+jwt", "JWT", "secevent+jwt", "logout+jwt", "revocations+jwt ", ""] {
        let refused = parse_feed(&tenant.sign(typ, &feed()), &tenant.keys, ISSUER).unwrap_err();
        assert_eq!(refused, FeedError::Malformed("header"), "{typ}");
    }
    assert!(parse_feed(&tenant.access_token(&json!({})), &tenant.keys, ISSUER).is_err());
}

#[test]
fn another_issuer_s_feed_is_refused() {
    let tenant = Tenant::new(ISSUER);
    for iss in ["https://rival-bank.auth.example", "https://acme-bank.auth.example/", ""] {
        assert_eq!(tenant.feed(&changed("iss", json!(iss))).unwrap_err(), FeedError::Issuer, "{iss}");
    }
    let read = tenant.feed(&feed()).unwrap();
    let mut state = Revocations::new("https://rival-bank.auth.example");
    assert_eq!(state.apply(&read, NOW), Err(FeedError::Issuer), "nor does another's state take it");
    assert!(state.needs_snapshot());
}

#[test]
fn feeds_of_another_shape_are_refused() {
    let tenant = Tenant::new(ISSUER);
    let entry = json!({ "seq": 1, "kind": "token", "id_hash": 7, "not_before": NOW, "expires_at": NOW });
    let wrong = [
        ("type", json!("delta")),
        ("type", json!("other")),
        ("type", json!(null)),
        ("seq", json!("1")),
        ("seq", json!(-1)),
        ("seq", json!(1.5)),
        ("iat", json!("now")),
        ("iss", json!([ISSUER])),
        ("entries", json!({})),
        ("entries", json!([7])),
        ("entries", json!([entry])),
    ];
    for (name, value) in wrong {
        let refused = tenant.feed(&changed(name, value.clone())).unwrap_err();
        assert!(matches!(refused, FeedError::Malformed(_)), "{name} {value}: {refused}");
    }
    assert!(tenant.feed(&json!([])).is_err());
}

#[test]
fn a_changed_feed_is_refused() {
    let tenant = Tenant::new(ISSUER);
    let signed = tenant.sign(TYP, &feed());
    for at in 0..signed.len() {
        let new = if signed.as_bytes()[at] == b'A' { 'B' } else { 'A' };
        let changed = format!("{}{new}{}", &signed[..at], &signed[at + 1..]);
        assert!(parse_feed(&changed, &tenant.keys, ISSUER).is_err(), "{at}");
    }
}

#[test]
fn a_feed_may_be_longer_than_a_token() {
    let tenant = Tenant::new(ISSUER);
    let entries: Vec<_> = (0..2000)
        .map(|seq| {
            let id_hash = id_hash("token", &seq.to_string());
            json!({ "seq": seq, "kind": "token", "id_hash": id_hash, "not_before": NOW, "expires_at": NOW })
        })
        .collect();
    let long = changed("entries", json!(entries));
    assert!(tenant.sign(TYP, &long).len() > MAX_TOKEN_BYTES);
    assert_eq!(tenant.feed(&long).unwrap().entries.len(), 2000);
}
