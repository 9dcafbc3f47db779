//! List cursors: typed, bound to tenant and filter, authenticated. A cursor is data from a stranger, and
//! Hydra's GHSA-r9w3-57w2-gch2 shows what an unauthenticated one can become.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use intelliauth_store::Page;

use crate::{Error, Tenancy, vault};

const TAG: usize = 16;

/// What a list request asks for.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// How many, 1 to 200; 50 if not said.
    pub limit: Option<u32>,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// The rows, newest first.
    pub items: Vec<T>,
    /// Where to go on; `None` on the last page.
    pub next_cursor: Option<String>,
    /// How many were asked for.
    pub limit: u32,
}

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// A list with the page to read from the store: one row more than asked for tells whether there is a next.
pub(crate) struct Opened {
    pub(crate) page: Page,
    limit: u32,
    binding: String,
}

impl Listing {
    /// Reads limit and cursor. `binding` names the list and its filter: a cursor of another list, filter or
    /// tenant is refused.
    pub(crate) fn open(&self, tenancy: &Tenancy, binding: &str) -> Result<Opened, Error> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Error::invalid("limit", format!("limit is 1 to {MAX_LIMIT}")));
        }
        let binding = format!("{}\n{binding}", tenancy.id());
        let before = match &self.cursor {
            Some(text) => Some(decode(tenancy, &binding, text).ok_or_else(|| {
                Error::invalid("cursor", "not a cursor of this list; begin again without one")
            })?),
            None => None,
        };
        Ok(Opened { page: Page { before, limit: limit + 1 }, limit, binding })
    }
}

impl Opened {
    /// Cuts the extra row off and makes the next cursor.
    pub(crate) fn close<T>(
        self,
        tenancy: &Tenancy,
        mut rows: Vec<T>,
        id: impl Fn(&T) -> [u8; 16],
    ) -> Paged<T> {
        let limit = self.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| encode(tenancy, &self.binding, id(row)));
        Paged { items: rows, next_cursor, limit: self.limit }
    }
}

fn tag(tenancy: &Tenancy, binding: &str, id: &[u8]) -> [u8; 32] {
    tenancy.engine().vault().cursor_tag(&[binding.as_bytes(), b"\n", id].concat())
}

fn encode(tenancy: &Tenancy, binding: &str, id: [u8; 16]) -> String {
    let tag = tag(tenancy, binding, &id);
    URL_SAFE_NO_PAD.encode([&id[..], tag.get(..TAG).unwrap_or_default()].concat())
}

fn decode(tenancy: &Tenancy, binding: &str, text: &str) -> Option<[u8; 16]> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (id, given) = bytes.split_at_checked(16)?;
    let expected = tag(tenancy, binding, id);
    vault::same(given, expected.get(..TAG)?).then_some(())?;
    id.try_into().ok()
}
