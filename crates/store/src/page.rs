/// A part of a list, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Give only rows whose id is before this one; `None` begins at the newest.
    pub before: Option<[u8; 16]>,
    /// How many rows at the most; at least 1.
    pub limit: u32,
}

/// Which users a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Only users whose (lower-case) address begins with this text, compared byte by byte.
    pub email_prefix: Option<String>,
}

impl UserFilter {
    /// The first text after every text that begins with `prefix`; `None` if there is none. The bytes of UTF-8
    /// sort as its code points do, so raising the last character that can be raised is enough.
    #[must_use]
    pub fn end_of_prefix(prefix: &str) -> Option<String> {
        let mut head = prefix.to_owned();
        while let Some(last) = head.pop() {
            if let Some(next) = (last..=char::MAX).nth(1) {
                head.push(next);
                return Some(head);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::UserFilter;

    #[test]
    fn the_end_is_just_after_the_prefix() {
        assert_eq!(UserFilter::end_of_prefix("ada").as_deref(), Some("adb"));
        assert_eq!(UserFilter::end_of_prefix("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(UserFilter::end_of_prefix("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(UserFilter::end_of_prefix("\u{10ffff}"), None);
    }
}
