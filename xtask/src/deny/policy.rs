//! The two lists of `deny.toml` that the offline check needs. A TOML parser for two lists would be one more
//! dependency to check, so this reads the lists as that file writes them: one entry a line.

/// What may be there and what may not.
#[derive(Debug)]
pub(crate) struct Policy {
    /// SPDX identifiers, with an exception where one is named.
    pub(crate) licences: Vec<String>,
    /// Crates that may not be there.
    pub(crate) banned: Vec<Ban>,
}

/// A crate that may not be there, or only below certain others.
#[derive(Debug)]
pub(crate) struct Ban {
    pub(crate) name: String,
    /// Crates that may depend on it all the same.
    pub(crate) wrappers: Vec<String>,
}

impl Policy {
    /// Reads the text of `deny.toml`; fails when a list is not there, so that a re-formatted file is not a free pass.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let licences: Vec<String> =
            list(text, "[licenses]", "allow = [").into_iter().filter_map(|mut names| names.pop()).collect();
        let banned: Vec<Ban> = list(text, "[bans]", "deny = [").into_iter().filter_map(Ban::of).collect();
        if licences.is_empty() || banned.is_empty() {
            return Err(
                "deny.toml: [licenses] allow or [bans] deny is not a list with one entry a line".to_owned()
            );
        }
        Ok(Self { licences, banned })
    }
}

impl Ban {
    /// The first name is the crate's, the others are its wrappers'.
    fn of(mut names: Vec<String>) -> Option<Self> {
        let wrappers = names.split_off(names.len().min(1));
        names.pop().map(|name| Self { name, wrappers })
    }
}

/// The quoted texts of each line of the list that starts with `start` in `section`.
fn list(text: &str, section: &str, start: &str) -> Vec<Vec<String>> {
    text.lines()
        .map(str::trim)
        .skip_while(|line| *line != section)
        .skip(1)
        .take_while(|line| !is_section(line))
        .skip_while(|line| *line != start)
        .skip(1)
        .take_while(|line| *line != "]")
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned).collect())
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
        let ban = |name: &str| policy.banned.iter().find(|ban| ban.name == name);
        assert!(ban("openssl-sys").is_some_and(|ban| ban.wrappers.is_empty()));
        assert!(ban("md-5").is_some_and(|ban| ban.wrappers == ["postgres-protocol"]));
        assert!(ban("MIT").is_none());
    }

    #[test]
    fn a_file_without_the_lists_is_refused() {
        assert!(Policy::read("[licenses]\nallow = [\"MIT\"]\n").is_err());
    }
}
