//! `cargo xtask drift`: lockfiles that anybody can use. (The examples are held to the published quickstart by
//! `tests/e2e/quickstart.test.mjs`, the OpenAPI file to the code by a snapshot test in `http`.)

use serde_json::Value;

use crate::findings::Findings;
use crate::workspace::{Workspace, string};

const NPM: &str = "https://registry.npmjs.org/";

/// Every package-lock.json: nothing comes from elsewhere than the public registry, everything is pinned by a digest.
pub(crate) fn check(workspace: &Workspace) -> Result<Findings, String> {
    let mut findings = Findings::default();
    for file in workspace.files.iter().filter(|file| file.ends_with("package-lock.json")) {
        let text = workspace.text(file).ok_or_else(|| format!("{file} cannot be read"))?;
        let lock: Value = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
        check_lock(file, &lock, &mut findings);
        findings.note(format!("{file} looked at"));
    }
    Ok(findings)
}

fn check_lock(file: &str, lock: &Value, findings: &mut Findings) {
    let packages = lock.get("packages").and_then(Value::as_object);
    for (name, package) in packages.into_iter().flatten() {
        let linked = package.get("link").and_then(Value::as_bool) == Some(true);
        if !name.contains("node_modules/") || linked {
            continue;
        }
        let resolved = string(package, "resolved");
        if !resolved.is_empty() && !resolved.starts_with(NPM) {
            findings.add(format!("{file}: {name} comes from {resolved}"));
        }
        if string(package, "integrity").is_empty() && package.get("inBundle").is_none() {
            findings.add(format!("{file}: {name} is not pinned by a digest"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(package: &Value) -> usize {
        let mut findings = Findings::default();
        check_lock("package-lock.json", &json!({ "packages": { "node_modules/a": package } }), &mut findings);
        findings.list().len()
    }

    #[test]
    fn only_the_public_registry_with_a_digest_passes() {
        assert_eq!(found(&json!({ "integrity": "sha512-x" })), 0);
        assert_eq!(found(&json!({ "integrity": "sha512-x", "resolved": "https://registry.npmjs.org/a" })), 0);
        assert_eq!(found(&json!({ "integrity": "sha512-x", "resolved": "https://mirror.example/a" })), 1);
        assert_eq!(found(&json!({ "resolved": "https://registry.npmjs.org/a" })), 1);
        assert_eq!(found(&json!({ "link": true })), 0);
    }
}
