//! The arrows between the rooms: which crate may know which. ARCHITECTURE.md says why; this is the list.

use crate::findings::Findings;
use crate::workspace::{Crate, Dependency};

/// A crate and what it may know.
struct Room {
    name: &'static str,
    /// Crates of ours that its code may import.
    may_import: &'static [&'static str],
    /// Crates of ours that its tests may import besides.
    tests_may_import: &'static [&'static str],
    /// Crates of others that would break its one rule.
    must_not_know: &'static [&'static str],
}

/// No sockets, no threads, no waiting: the rooms that only compute.
const PURE: &[&str] = &[
    "axum",
    "http",
    "hyper",
    "hyper-util",
    "reqwest",
    "tower-http",
    "rusqlite",
    "tokio-postgres",
    "tokio",
    "rand",
];
const NO_HTTP_NO_SQL: &[&str] = &[
    "axum",
    "http",
    "http-body-util",
    "hyper",
    "hyper-util",
    "tower-http",
    "reqwest",
    "rusqlite",
    "libsqlite3-sys",
    "tokio-postgres",
    "sqlx",
    "rand",
];
const NO_HTTP: &[&str] = &["axum", "http", "http-body-util", "hyper", "hyper-util", "tower-http", "reqwest"];
const NO_SQL: &[&str] =
    &["rusqlite", "libsqlite3-sys", "tokio-postgres", "deadpool-postgres", "sqlx", "aws-lc-rs"];

const ROOMS: &[Room] = &[
    Room { name: "intelliauth-jose", may_import: &[], tests_may_import: &[], must_not_know: PURE },
    Room {
        name: "intelliauth-verify",
        may_import: &["intelliauth-jose"],
        tests_may_import: &[],
        must_not_know: PURE,
    },
    Room { name: "intelliauth-model", may_import: &[], tests_may_import: &[], must_not_know: PURE },
    Room {
        name: "intelliauth-store",
        may_import: &["intelliauth-model"],
        tests_may_import: &[],
        must_not_know: NO_HTTP_NO_SQL,
    },
    Room {
        name: "intelliauth-store-sqlite",
        may_import: &["intelliauth-model", "intelliauth-store"],
        tests_may_import: &[],
        must_not_know: NO_HTTP,
    },
    Room {
        name: "intelliauth-store-postgres",
        may_import: &["intelliauth-model", "intelliauth-store"],
        // Itself, for the throw-away server that its feature `fixture` brings.
        tests_may_import: &["intelliauth-store-postgres"],
        must_not_know: NO_HTTP,
    },
    Room {
        name: "intelliauth-engine",
        may_import: &["intelliauth-jose", "intelliauth-model", "intelliauth-store", "intelliauth-verify"],
        tests_may_import: &["intelliauth-store-sqlite", "intelliauth-store-postgres"],
        must_not_know: NO_HTTP_NO_SQL,
    },
    Room {
        name: "intelliauth-http",
        may_import: &["intelliauth-engine", "intelliauth-model"],
        tests_may_import: &[
            "intelliauth-store",
            "intelliauth-store-sqlite",
            "intelliauth-store-postgres",
            "intelliauth-jose",
            "intelliauth-verify",
        ],
        must_not_know: NO_SQL,
    },
    Room {
        name: "intelliauth-server",
        may_import: &[
            "intelliauth-engine",
            "intelliauth-http",
            "intelliauth-jose",
            "intelliauth-model",
            "intelliauth-store",
            "intelliauth-store-sqlite",
            "intelliauth-store-postgres",
            "intelliauth-verify",
        ],
        tests_may_import: &[],
        must_not_know: &[],
    },
    Room {
        name: "intelliauth-node-binding",
        may_import: &["intelliauth-jose"],
        tests_may_import: &[],
        must_not_know: PURE,
    },
    Room { name: "xtask", may_import: &[], tests_may_import: &[], must_not_know: PURE },
];

/// Every dependency of every crate of ours against the list.
pub(crate) fn check(crates: &[Crate], findings: &mut Findings) {
    for krate in crates {
        let Some(room) = ROOMS.iter().find(|room| room.name == krate.name) else {
            findings.add(format!("{} has no room: give it one in xtask/src/tidy/rooms.rs", krate.name));
            continue;
        };
        krate.dependencies.iter().for_each(|dependency| room.admit(dependency, findings));
    }
    for room in ROOMS.iter().filter(|room| !crates.iter().any(|krate| krate.name == room.name)) {
        findings.add(format!("the room {} stands empty: strike it from xtask/src/tidy/rooms.rs", room.name));
    }
}

impl Room {
    fn admit(&self, dependency: &Dependency, findings: &mut Findings) {
        let name = dependency.name.as_str();
        let allowed = if dependency.ours {
            self.may_import.contains(&name) || (dependency.dev && self.tests_may_import.contains(&name))
        } else {
            dependency.dev || !self.must_not_know.contains(&name)
        };
        if !allowed {
            let kind = if dependency.dev { "tests of " } else { "" };
            findings.add(format!("{kind}{} may not import {name}", self.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crate_of(name: &str, dependencies: &[(&str, bool, bool)]) -> Crate {
        let read = |&(name, dev, ours): &(&str, bool, bool)| Dependency { name: name.to_owned(), dev, ours };
        Crate { name: name.to_owned(), dependencies: dependencies.iter().map(read).collect() }
    }

    fn found(krate: Crate) -> Vec<String> {
        let mut findings = Findings::default();
        check(&[krate], &mut findings);
        findings.list().iter().filter(|text| !text.contains("stands empty")).cloned().collect()
    }

    #[test]
    fn an_arrow_against_the_plan_is_found() {
        let krate = crate_of("intelliauth-engine", &[("intelliauth-http", false, true)]);
        assert_eq!(found(krate), ["intelliauth-engine may not import intelliauth-http"]);
    }

    #[test]
    fn tests_may_do_what_code_may_not() {
        let store = ("intelliauth-store-sqlite", true, true);
        assert!(found(crate_of("intelliauth-engine", &[store])).is_empty());
        let store = ("intelliauth-store-sqlite", false, true);
        assert_eq!(found(crate_of("intelliauth-engine", &[store])).len(), 1);
    }

    #[test]
    fn a_foreign_crate_that_breaks_the_rule_is_found() {
        assert_eq!(found(crate_of("intelliauth-verify", &[("tokio", false, false)])).len(), 1);
        assert_eq!(found(crate_of("intelliauth-http", &[("rusqlite", false, false)])).len(), 1);
        assert!(found(crate_of("intelliauth-http", &[("axum", false, false)])).is_empty());
    }

    #[test]
    fn a_crate_without_a_room_is_found() {
        assert!(found(crate_of("intelliauth-helpers", &[])).iter().any(|text| text.contains("has no room")));
    }
}
