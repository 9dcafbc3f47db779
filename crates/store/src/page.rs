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
