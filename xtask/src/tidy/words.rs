//! Words that give a trespass away: SQL outside the stores, HTTP outside its rooms, drawers named `utils`.

use crate::findings::Findings;
use crate::workspace::{Workspace, has_extension};

/// The beginnings of statements, as they are written in our stores.
const SQL: [&str; 10] = [
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
    "ON CONFLICT ",
];
const HTTP: [&str; 5] = ["axum::", "hyper::", "hyper_util::", "tower_http::", "reqwest::"];
/// A name that says nothing invites everything.
const DRAWERS: [&str; 6] = ["utils", "util", "helpers", "helper", "common", "misc"];

/// Every Rust source, and every file's name.
pub(crate) fn check(workspace: &Workspace, findings: &mut Findings) {
    for file in &workspace.files {
        if let Some(drawer) = drawer(file) {
            findings.add(format!("{file}: `{drawer}` says nothing of what is in it"));
        }
        if !has_extension(file, &["rs"]) || file.starts_with("xtask/") {
            continue;
        }
        let text = workspace.text(file).unwrap_or_default();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !is_comment(line)) {
            for finding in trespasses(file, line) {
                findings.add(format!("{file}:{}: {finding}", number + 1));
            }
        }
    }
}

fn trespasses(file: &str, line: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !file.starts_with("crates/store-") {
        found.extend(first_of(&SQL, line).map(|word| format!("SQL (`{}`) outside a store", word.trim())));
    }
    if !file.starts_with("crates/http/") && !file.starts_with("crates/server/") {
        found.extend(first_of(&HTTP, line).map(|word| format!("HTTP (`{word}`) outside http and server")));
    }
    found
}

fn first_of(words: &[&'static str], line: &str) -> Option<&'static str> {
    words.iter().find(|word| line.contains(**word)).copied()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn drawer(file: &str) -> Option<&'static str> {
    let mut parts = file.split('/').map(|part| part.split('.').next().unwrap_or(part));
    parts.find_map(|part| DRAWERS.iter().find(|drawer| **drawer == part).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_at_home_in_a_store_only() {
        let line = r#"let rows = connection.prepare("SELECT id FROM user");"#;
        assert!(trespasses("crates/store-sqlite/src/users.rs", line).is_empty());
        assert_eq!(trespasses("crates/engine/src/users.rs", line).len(), 1);
    }

    #[test]
    fn http_is_at_home_in_http_and_server_only() {
        let line = "use axum::Router;";
        assert!(trespasses("crates/http/src/lib.rs", line).is_empty());
        assert!(trespasses("crates/server/src/main.rs", line).is_empty());
        assert_eq!(trespasses("crates/engine/src/lib.rs", line).len(), 1);
    }

    #[test]
    fn a_drawer_is_seen_as_file_and_as_folder() {
        assert_eq!(drawer("crates/http/src/utils.rs"), Some("utils"));
        assert_eq!(drawer("packages/node-sdk/src/helpers/url.ts"), Some("helpers"));
        assert_eq!(drawer("crates/http/src/commonwealth.rs"), None);
    }
}
