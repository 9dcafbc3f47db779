use std::fmt;

/// One value of a row.
#[derive(Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// The 16 bytes of an identifier.
    Id([u8; 16]),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
    /// A number, or a moment in milliseconds.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

/// The values of a row, in the order of its table's columns.
pub type Row = Vec<Cell>;

impl Cell {
    /// Adds the value to what is hashed, so that no two different rows are the same bytes: its kind, its length,
    /// itself.
    pub(super) fn spell(&self, out: &mut Vec<u8>) {
        let (kind, bytes): (u8, &[u8]) = match self {
            Self::Null => (0, &[]),
            Self::Id(id) => (1, id),
            Self::Bytes(bytes) => (2, bytes),
            Self::Text(text) => (3, text.as_bytes()),
            Self::Number(number) => (4, &number.to_be_bytes()),
            Self::Flag(flag) => (5, &[u8::from(*flag)]),
        };
        out.push(kind);
        out.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        out.extend_from_slice(bytes);
    }
}

/// What a store holds is not for logs.
impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Id(_) => "Id",
            Self::Bytes(_) => "Bytes",
            Self::Text(_) => "Text",
            Self::Number(_) => "Number",
            Self::Flag(_) => "Flag",
        })
    }
}
