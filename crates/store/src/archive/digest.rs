use std::fmt;

use super::Row;

/// A hash function, SHA-256 wherever it matters.
pub type Hash = fn(&[u8]) -> [u8; 32];

/// The count and the checksum of rows, whatever their order: two databases need not agree on one. The checksum is
/// the sum of the rows' hashes, which accidents do not keep the same; it need not resist an attacker, who would
/// have to hold one of the databases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// How many rows.
    pub rows: u64,
    sum: [u64; 4],
}

impl Digest {
    pub(super) fn add(&mut self, row: &Row, hash: Hash, spelling: &mut Vec<u8>) {
        spelling.clear();
        for cell in row {
            cell.spell(spelling);
        }
        for (sum, bytes) in self.sum.iter_mut().zip(hash(spelling).as_chunks::<8>().0) {
            *sum = sum.wrapping_add(u64::from_be_bytes(*bytes));
        }
        self.rows += 1;
    }
}

/// The checksum.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sum.iter().try_for_each(|part| write!(f, "{part:016x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Cell;

    /// Good enough to tell the rows of this test apart.
    fn hash(bytes: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        for (index, byte) in bytes.iter().enumerate() {
            let mixed = out[index % 32] ^ byte;
            out[index % 32] = mixed.rotate_left(3).wrapping_add(u8::try_from(index % 251).unwrap());
        }
        out
    }

    fn of(rows: &[Row]) -> Digest {
        let mut digest = Digest::default();
        for row in rows {
            digest.add(row, hash, &mut Vec::new());
        }
        digest
    }

    #[test]
    fn the_order_of_rows_does_not_count_and_everything_else_does() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let (one, two) = (vec![text("a"), Cell::Null], vec![text("b"), Cell::Number(1)]);
        assert_eq!(of(&[one.clone(), two.clone()]), of(&[two.clone(), one.clone()]));
        let others = [
            vec![],
            vec![one.clone()],
            vec![one.clone(), one.clone()],
            vec![one.clone(), two.clone(), two.clone()],
            vec![vec![Cell::Null, text("a")], two.clone()],
            vec![vec![text("a"), text("")], two.clone()],
            vec![one.clone(), vec![text("b"), Cell::Number(2)]],
            vec![one.clone(), vec![text("b"), Cell::Flag(true)]],
            vec![vec![Cell::Bytes(b"a".to_vec()), Cell::Null], two.clone()],
        ];
        for other in others {
            assert_ne!(of(&other), of(&[one.clone(), two.clone()]), "{other:?}");
        }
        assert_ne!(of(&[vec![text("ab"), text("c")]]), of(&[vec![text("a"), text("bc")]]));
    }
}
