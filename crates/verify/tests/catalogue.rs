//! Every case of `tests/vectors/access-tokens.json` gets its verdict: no bad token in, no good one out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails is to panic"
)]

mod support;

use std::{collections::HashMap, fs, path::Path};

use intelliauth_jose::Algorithm;
use intelliauth_verify::{KeySet, Policy, Revocations, verify};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Catalogue {
    now: i64,
    issuer: String,
    audiences: Vec<String>,
    tolerance: u32,
    key_sets: HashMap<String, Value>,
    revocations: HashMap<String, State>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct State {
    seq: i64,
    entries: Value,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    token: Option<String>,
    token_repeat: Option<Repeat>,
    key_set: String,
    revocations: Option<String>,
    now: Option<i64>,
    audiences: Option<Vec<String>>,
    algorithms: Option<Vec<String>>,
    verdict: String,
    why: String,
}

#[derive(Deserialize)]
struct Repeat {
    prefix: String,
    unit: String,
    count: usize,
    suffix: String,
}

impl Case {
    fn token(&self) -> String {
        match (&self.token, &self.token_repeat) {
            (Some(token), None) => token.clone(),
            (None, Some(Repeat { prefix, unit, count, suffix })) => {
                format!("{prefix}{}{suffix}", unit.repeat(*count))
            }
            _ => panic!("{}: either token or token_repeat", self.name),
        }
    }
}

struct Judge {
    catalogue: Catalogue,
    key_sets: HashMap<String, KeySet>,
    revocations: HashMap<String, Revocations>,
}

impl Judge {
    fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/access-tokens.json");
        let catalogue: Catalogue = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let key_sets = catalogue.key_sets.iter();
        let key_sets =
            key_sets.map(|(name, jwks)| (name.clone(), KeySet::from_jwks(jwks).unwrap())).collect();
        let tenant = support::Tenant::new(&catalogue.issuer);
        let revocations = catalogue.revocations.iter().map(|(name, state)| {
            let mut revocations = Revocations::new(&catalogue.issuer);
            let feed = json!({
                "iss": catalogue.issuer, "iat": catalogue.now, "type": "snapshot",
                "seq": state.seq, "entries": state.entries,
            });
            revocations.apply(&tenant.feed(&feed).unwrap(), catalogue.now).unwrap();
            (name.clone(), revocations)
        });
        let revocations = revocations.collect();
        Self { catalogue, key_sets, revocations }
    }

    fn verdict(&self, case: &Case) -> String {
        let audiences = case.audiences.as_ref().unwrap_or(&self.catalogue.audiences).clone();
        let mut policy =
            Policy::new(&self.catalogue.issuer, audiences).clock_tolerance(self.catalogue.tolerance);
        if let Some(names) = &case.algorithms {
            policy = policy.algorithms(names.iter().map(|name| name.parse::<Algorithm>().unwrap()));
        }
        let keys = &self.key_sets[&case.key_set];
        let revocations = case.revocations.as_ref().map(|name| &self.revocations[name]);
        let now = case.now.unwrap_or(self.catalogue.now);
        match verify(&case.token(), &policy, keys, revocations, now) {
            Ok(_) => "accept".to_owned(),
            Err(refusal) => refusal.code().to_owned(),
        }
    }
}

#[test]
fn every_verdict_is_the_catalogue_s() {
    let judge = Judge::read();
    let wrong = judge.catalogue.cases.iter().filter_map(|case| {
        let verdict = judge.verdict(case);
        (verdict != case.verdict)
            .then(|| format!("{}: {verdict}, not {} ({})", case.name, case.verdict, case.why))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{} verdicts differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_catalogue_is_as_large_as_promised() {
    let cases = Judge::read().catalogue.cases;
    let good = cases.iter().filter(|case| case.verdict == "accept").count();
    assert!(good >= 25, "{good} good tokens");
    assert!(cases.len() - good >= 150, "{} bad tokens", cases.len() - good);
}
