//! The rules of the npm packages: no runtime dependencies, nothing run at installation, a core that has never heard
//! of Express.

use serde_json::Value;

use crate::findings::Findings;
use crate::workspace::{Workspace, has_extension, string};

const SDK: &str = "packages/node-sdk/";
const EXPRESS_ADAPTER: &str = "packages/node-sdk/src/express/";
/// The addon's packages, one per platform.
const ADDONS: &str = "@intelliauth/node-sdk-";
/// Scripts npm runs on our users' machines. An SDK that guards secrets runs nothing there.
const RUN_AT_INSTALLATION: [&str; 4] = ["preinstall", "install", "postinstall", "prepare"];

/// Every package.json under `packages/`, and the SDK's sources.
pub(crate) fn check(workspace: &Workspace, findings: &mut Findings) -> Result<(), String> {
    let manifests = workspace.files.iter().filter(|file| {
        file.starts_with("packages/") && file.ends_with("/package.json") && file.matches('/').count() == 2
    });
    for file in manifests {
        let text = workspace.text(file).ok_or_else(|| format!("{file} cannot be read"))?;
        let manifest: Value = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
        check_manifest(file, &manifest, findings);
    }
    for file in workspace.files.iter().filter(|file| is_core(file)) {
        let text = workspace.text(file).unwrap_or_default();
        if text.lines().any(imports_express) {
            findings.add(format!("{file}: the core imports Express; only {EXPRESS_ADAPTER} may"));
        }
    }
    Ok(())
}

fn check_manifest(file: &str, manifest: &Value, findings: &mut Findings) {
    let members = |name: &str| manifest.get(name).and_then(Value::as_object).into_iter().flatten();
    for (name, _) in members("dependencies") {
        findings.add(format!("{file}: depends on {name}; the packages have no runtime dependencies"));
    }
    for (name, _) in members("optionalDependencies").filter(|(name, _)| !name.starts_with(ADDONS)) {
        findings
            .add(format!("{file}: depends on {name}; only the addon's packages are optional dependencies"));
    }
    for script in RUN_AT_INSTALLATION {
        if members("scripts").any(|(name, _)| name == script) {
            findings.add(format!("{file}: has a {script} script; nothing is run on a user's machine"));
        }
    }
    if string(manifest, "license") != "Apache-2.0" {
        findings.add(format!("{file}: names no licence, or another than the repository's"));
    }
}

fn is_core(file: &str) -> bool {
    let source = file.starts_with(SDK) && file.contains("/src/") && has_extension(file, &["ts", "tsx"]);
    source && !file.starts_with(EXPRESS_ADAPTER) && !is_entry(file)
}

/// The root entry point, which re-exports everything, the adapter included.
fn is_entry(file: &str) -> bool {
    matches!(file, "packages/node-sdk/src/index.ts" | "packages/node-sdk/src/inbound.ts")
}

fn imports_express(line: &str) -> bool {
    let line = line.trim_start();
    let imports = ["import ", "export ", "} from ", "from "].iter().any(|start| line.starts_with(start))
        || line.contains("require(")
        || line.contains("import(");
    let names =
        ["'express'", "\"express\"", "express-serve-static-core", "/express/", "/express'", "/express.js"];
    imports && names.iter().any(|name| line.contains(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(manifest: &Value) -> usize {
        let mut findings = Findings::default();
        check_manifest("packages/x/package.json", manifest, &mut findings);
        findings.list().len()
    }

    #[test]
    fn a_package_without_dependencies_passes() {
        assert_eq!(found(&json!({ "license": "Apache-2.0", "scripts": { "build": "tsc" } })), 0);
        let addon = json!({ "license": "Apache-2.0", "optionalDependencies": { "@intelliauth/node-sdk-linux-x64-gnu": "1" } });
        assert_eq!(found(&addon), 0);
    }

    #[test]
    fn dependencies_and_install_scripts_are_found() {
        assert_eq!(found(&json!({ "license": "Apache-2.0", "dependencies": { "jose": "1" } })), 1);
        assert_eq!(found(&json!({ "license": "Apache-2.0", "optionalDependencies": { "bcrypt": "1" } })), 1);
        assert_eq!(found(&json!({ "license": "Apache-2.0", "scripts": { "postinstall": "node x" } })), 1);
        assert_eq!(found(&json!({})), 1);
    }

    #[test]
    fn an_import_of_express_is_seen_in_every_spelling() {
        for line in [
            "import express from 'express'",
            "import type { Request } from \"express\"",
            "} from '../express/index.js'",
            "const express = require('express')",
        ] {
            assert!(imports_express(line), "{line}");
        }
        assert!(!imports_express("// an adapter such as 'express' translates"));
        assert!(!imports_express("import { verify } from './verifier/verify.js'"));
    }
}
