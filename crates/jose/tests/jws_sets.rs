//! Project Wycheproof's JWS and JWK sets. No crate carries them, and they are not committed: they are read
//! where `INTELLIAUTH_VECTORS` points, or from `../shared/vectors` beside the workspace.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails is to panic"
)]

mod support;

use std::{env, fs, io::Write as _, path::PathBuf};

use serde::Deserialize;
use serde_json::Value;
use support::accepts;

/// Cases on which this house is stricter, or knowingly less curious, than Wycheproof.
const OTHERWISE: [(&str, usize, &str); 2] = [
    ("json_web_signature_test.json", 259, "a token has claims: an empty payload is refused"),
    ("json_web_key_test.json", 7, "ROCA keys: the tenant makes its keys itself, none on a broken chip"),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Set {
    test_groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    comment: String,
    public: Option<Value>,
    private: Option<Value>,
    tests: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    tc_id: usize,
    comment: String,
    jws: Option<Value>,
    result: String,
}

#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
    wrong: Vec<String>,
}

fn folder() -> PathBuf {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    env::var_os("INTELLIAUTH_VECTORS").map_or_else(beside, PathBuf::from)
}

/// Whether the group's key is for an algorithm on the list. All others have to be refused, good or bad.
fn on_the_list(jwk: &Value) -> bool {
    let member = |name: &str| jwk.get(name).and_then(Value::as_str);
    match member("alg") {
        Some(alg) => ["RS256", "ES256", "EdDSA"].contains(&alg),
        None => member("kty") != Some("oct"),
    }
}

/// A group has a key or a set of keys.
fn keys(value: &Value) -> Vec<Value> {
    match value.get("keys").and_then(Value::as_array) {
        Some(keys) => keys.clone(),
        None => vec![value.clone()],
    }
}

fn judge(file: &str, set: &Set) -> Tally {
    let mut tally = Tally::default();
    for group in &set.test_groups {
        let Some(keys) = group.public.as_ref().or(group.private.as_ref()).map(keys) else { continue };
        for case in &group.tests {
            let Some(jws) = case.jws.as_ref().and_then(Value::as_str) else { continue };
            let otherwise = OTHERWISE.iter().any(|(name, id, _)| (*name, *id) == (file, case.tc_id));
            let expected = (case.result == "valid" && keys.iter().all(on_the_list)) != otherwise;
            let verdict = keys.iter().any(|jwk| accepts(jwk, jws));
            *(if verdict { &mut tally.accepted } else { &mut tally.refused }) += 1;
            if verdict != expected {
                tally.wrong.push(format!("{file} {} {} {}", case.tc_id, group.comment, case.comment));
            }
        }
    }
    tally
}

#[test]
fn jws_sets_in_place() {
    let folder = folder().join("wycheproof");
    // Past the harness, which shows nothing of a test that passes: whoever reads the log has to see it.
    if !folder.is_dir() {
        let _ = writeln!(std::io::stderr(), "skipped: no Wycheproof JWS sets (set INTELLIAUTH_VECTORS)");
        return;
    }
    let (mut accepted, mut refused, mut wrong) = (0, 0, Vec::new());
    for file in ["json_web_signature_test.json", "json_web_key_test.json"] {
        let set: Set = serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap();
        let tally = judge(file, &set);
        accepted += tally.accepted;
        refused += tally.refused;
        wrong.extend(tally.wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted >= 8 && refused >= 350, "{accepted} accepted, {refused} refused");
}
