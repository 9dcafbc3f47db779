//! The two lists of `deny.toml` that the offline check needs. A TOML parser for two lists would be one more
//! dependency to check, so this reads the lists as that file writes them: one entry a line.

/// What may be there and what may not.
#[derive(Debug)]
pub(crate) struct Policy {
    /// SPDX identifiers, with an exception where one is named.
    pub(crate) licences: Vec<String>,
    /// Names of crates.
    pub(crate) banned: Vec<String>,
}

impl Policy {
    /// Reads the text of `deny.toml`; fails when a list is not there, so that a re-formatted file is not a free pass.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let licences = list(text, "[licenses]", "allow = [");
        let banned = list(text, "[bans]", "deny = [");
        if licences.is_empty() || banned.is_empty() {
            return Err(
                "deny.toml: [licenses] allow or [bans] deny is not a list with one entry a line".to_owned()
            );
        }
        Ok(Self { licences, banned })
    }
}

/// The first quoted text of each line of the list that starts with `start` in `section`.
fn list(text: &str, section: &str, start: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .skip_while(|line| *line != section)
        .skip(1)
        .take_while(|line| !is_section(line))
        .skip_while(|line| *line != start)
        .skip(1)
        .take_while(|line| *line != "]")
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('"').nth(1).map(str::to_owned))
        .collect()
}

fn is_section(line: &str) -> bool {
    line.starts_with('[') && line.ends_with(']') && line.len() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_repository_s_own_file() {
        let policy = Policy::read(include_str!("../../../deny.toml")).expect("two lists");
        assert!(policy.licences.contains(&"Apache-2.0 WITH LLVM-exception".to_owned()));
        assert!(policy.banned.contains(&"openssl-sys".to_owned()));
        assert!(!policy.banned.contains(&"MIT".to_owned()));
    }

    #[test]
    fn a_file_without_the_lists_is_refused() {
        assert!(Policy::read("[licenses]\nallow = [\"MIT\"]\n").is_err());
    }
}
