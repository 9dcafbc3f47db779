//! What must never be committed: environments, keys, databases.

use crate::findings::Findings;
use crate::workspace::Workspace;

/// File names, by their end.
const NAMES: [&str; 11] =
    [".env", ".pem", ".key", ".p8", ".p12", ".pfx", ".jks", ".sqlite", ".sqlite3", ".db", "/id_rsa"];
/// The first line of a private key in PEM, in two halves so that this file does not find itself.
const PEM: (&str, &str) = ("-----BEGIN ", "PRIVATE KEY-----");
/// Public test keys of standards and forgeries; each is printed for the world to see.
const PUBLISHED_KEYS: [&str; 2] = ["tests/vectors/", "crates/jose/tests/"];

/// Every file's name, and every text.
pub(crate) fn check(workspace: &Workspace, findings: &mut Findings) {
    for file in &workspace.files {
        if NAMES.iter().any(|end| file.ends_with(end)) || file.contains("/.env.") || file.starts_with(".env.")
        {
            findings.add(format!("{file}: such a file holds secrets and is not committed"));
        }
        let published = PUBLISHED_KEYS.iter().any(|folder| file.starts_with(folder));
        if !published && workspace.text(file).is_some_and(|text| holds_private_key(&text)) {
            findings.add(format!("{file}: holds a private key"));
        }
    }
}

fn holds_private_key(text: &str) -> bool {
    text.lines().any(|line| {
        // Code that builds or looks for such a line carries quotes around a half; a key file carries the line.
        let line = line.trim();
        line.starts_with(PEM.0) && line.ends_with(PEM.1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_key_is_seen_and_a_mention_is_not() {
        let key = format!("text\n{}RSA {}\nMIIE", PEM.0, PEM.1);
        assert!(holds_private_key(&key));
        assert!(!holds_private_key("if line.starts_with(\"-----BEGIN \") && x {"));
    }
}
