use std::{fmt, str::FromStr};

/// A name that can be a DNS label: 1 to 30 of `a-z`, `0-9`, beginning with a letter.
///
/// No hyphen: a tenant's host is `<tenant>-<org>.<domain>`, and with hyphens inside slugs two different
/// pairs could claim one host (`a-b` + `c` and `a` + `b-c`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// A text that is not a slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a slug is 1 to 30 characters of a-z and 0-9, beginning with a letter")]
pub struct InvalidSlug;

impl Slug {
    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = InvalidSlug;

    fn from_str(text: &str) -> Result<Self, InvalidSlug> {
        let sound = text.len() <= 30
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if sound { Ok(Self(text.to_owned())) } else { Err(InvalidSlug) }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unambiguous_labels() {
        assert!("banking2".parse::<Slug>().is_ok());
        for text in ["", "2bank", "a-b", "Bank", "bänk", "a.b", &"a".repeat(31)] {
            assert_eq!(text.parse::<Slug>(), Err(InvalidSlug), "{text:?}");
        }
    }
}
