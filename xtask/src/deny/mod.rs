//! `cargo xtask deny`: the supply chain. A check of our own that needs no network and always runs, then cargo-deny
//! with the advisory database where it is installed. Both read `deny.toml`.

mod licence;
mod policy;
mod tool;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::findings::Findings;
use crate::workspace::{Workspace, cargo_metadata, cargo_tree, string};
use policy::Policy;

/// The only place crates come from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// Two versions of one of these in one program would each keep its own state, or each its own advisories.
const MUST_BE_SINGLE: [&str; 9] =
    ["aws-lc-rs", "aws-lc-sys", "axum", "hyper", "libsqlite3-sys", "rusqlite", "serde", "tokio", "zeroize"];

/// Licences, sources, bans and duplicates; then cargo-deny.
pub(crate) fn check(workspace: &Workspace) -> Result<Findings, String> {
    let mut findings = Findings::default();
    let policy = Policy::read(&workspace.text("deny.toml").ok_or("deny.toml is not there")?)?;
    let metadata = cargo_metadata(&["--all-features"])?;
    let packages = metadata.get("packages").and_then(Value::as_array).ok_or("no packages")?;
    // The metadata also list crates that only a feature nobody turns on would compile (a `crate?/feature`).
    let compiled = cargo_tree()?;
    let packages: Vec<Value> = packages
        .iter()
        .filter(|package| compiled.contains(&(string(package, "name"), string(package, "version"))))
        .cloned()
        .collect();
    if packages.is_empty() {
        return Err("cargo tree and cargo metadata name different crates".to_owned());
    }
    for package in &packages {
        check_package(package, &policy, &mut findings);
    }
    check_bans(&packages, &policy, &mut findings);
    check_duplicates(&packages, &mut findings);
    findings.note(format!("{} packages, {} licences allowed", packages.len(), policy.licences.len()));
    tool::run(&workspace.root, &mut findings)?;
    Ok(findings)
}

fn check_package(package: &Value, policy: &Policy, findings: &mut Findings) {
    let name = string(package, "name");
    let source = string(package, "source");
    if !source.is_empty() && source != CRATES_IO {
        findings.add(format!("{name} comes from {source}"));
    }
    let expression = string(package, "license");
    let refusal = match licence::allowed(&expression, &policy.licences) {
        Ok(true) => return,
        Ok(false) => "is not allowed, see deny.toml".to_owned(),
        Err(reason) => format!("cannot be read: {reason}"),
    };
    findings.add(format!("{name}: the licence `{expression}` {refusal}"));
}

/// A banned crate may stand below its wrappers, and below nobody else.
fn check_bans(packages: &[Value], policy: &Policy, findings: &mut Findings) {
    let depends = |package: &Value, name: &str| {
        let list = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
        list.into_iter().any(|dependency| {
            // What the tests of a foreign crate use is not compiled here.
            string(dependency, "name") == name && string(dependency, "kind") != "dev"
        })
    };
    for ban in &policy.banned {
        if !packages.iter().any(|package| string(package, "name") == ban.name) {
            continue;
        }
        let parents = packages.iter().filter(|package| depends(package, &ban.name));
        let mut others =
            parents.map(|package| string(package, "name")).filter(|name| !ban.wrappers.contains(name));
        if ban.wrappers.is_empty() {
            findings.add(format!("{} is banned, see deny.toml", ban.name));
        } else if let Some(other) = others.next() {
            findings.add(format!("{} is banned below {other}, see deny.toml", ban.name));
        }
    }
}

fn check_duplicates(packages: &[Value], findings: &mut Findings) {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages {
        versions.entry(string(package, "name")).or_default().insert(string(package, "version"));
    }
    versions.retain(|_, versions| versions.len() > 1);
    for (name, versions) in &versions {
        let list = versions.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        if MUST_BE_SINGLE.contains(&name.as_str()) {
            findings.add(format!("{name} is there in several versions: {list}"));
        } else {
            findings.note(format!("{name} is there in several versions: {list}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const POLICY: &str = "[licenses]\nallow = [\n  \"MIT\",\n]\n[bans]\ndeny = [\n  { crate = \"openssl\" },\n  { crate = \"md-5\", wrappers = [\"driver\"] },\n]\n";

    fn found(package: &Value) -> Vec<String> {
        found_in(std::slice::from_ref(package))
    }

    fn found_in(packages: &[Value]) -> Vec<String> {
        let (mut findings, policy) = (Findings::default(), Policy::read(POLICY).expect("a policy"));
        for package in packages {
            check_package(package, &policy, &mut findings);
        }
        check_bans(packages, &policy, &mut findings);
        findings.list().to_vec()
    }

    #[test]
    fn a_banned_crate_may_stand_below_its_wrapper_only() {
        let weak = json!({ "name": "md-5", "license": "MIT", "source": CRATES_IO });
        let parent = |name: &str| json!({ "name": name, "license": "MIT", "source": CRATES_IO, "dependencies": [{ "name": "md-5" }] });
        assert!(found_in(&[weak.clone(), parent("driver")]).is_empty());
        assert_eq!(
            found_in(&[weak, parent("driver"), parent("other")]),
            ["md-5 is banned below other, see deny.toml"]
        );
    }

    #[test]
    fn a_crate_of_the_registry_with_an_allowed_licence_passes() {
        assert!(found(&json!({ "name": "a", "license": "MIT", "source": CRATES_IO })).is_empty());
    }

    #[test]
    fn banned_foreign_and_unlicensed_crates_are_found() {
        assert_eq!(found(&json!({ "name": "openssl", "license": "MIT", "source": CRATES_IO })).len(), 1);
        assert_eq!(
            found(&json!({ "name": "a", "license": "MIT", "source": "git+https://example.com/a" })).len(),
            1
        );
        assert_eq!(found(&json!({ "name": "a", "license": "GPL-3.0", "source": CRATES_IO })).len(), 1);
        assert_eq!(found(&json!({ "name": "a", "license": null, "source": CRATES_IO })).len(), 1);
    }

    #[test]
    fn a_second_version_of_the_cryptographic_library_is_found() {
        let packages = ["1.0.0", "2.0.0"].map(|version| json!({ "name": "aws-lc-rs", "version": version }));
        let mut findings = Findings::default();
        check_duplicates(&packages, &mut findings);
        assert_eq!(findings.list().len(), 1);
    }
}
