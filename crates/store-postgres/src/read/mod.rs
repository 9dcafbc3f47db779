//! Queries as values: one file per table. Each takes the tenant and names it first in its `WHERE`; row-level
//! security is the second fence, not the first.

use std::str::FromStr;

use intelliauth_model::Timestamp;
use intelliauth_store::{Page, StoreError, StoreResult};
use serde::de::DeserializeOwned;
use tokio_postgres::{Row, types::FromSql};

use crate::param::{Id, Param};

pub(crate) mod admin;
pub(crate) mod application;
pub(crate) mod audience;
pub(crate) mod client_secret;
pub(crate) mod clock;
pub(crate) mod event;
pub(crate) mod idempotency;
pub(crate) mod job;
pub(crate) mod key;
pub(crate) mod organisation;
pub(crate) mod revocation;
pub(crate) mod session;
pub(crate) mod single_use;
pub(crate) mod tenant;
pub(crate) mod user;

/// A question to the database and how to read what it answers.
pub(crate) struct Query<T> {
    pub(crate) sql: &'static str,
    pub(crate) params: Vec<Param>,
    pub(crate) map: fn(&Row) -> StoreResult<T>,
}

impl<T> Query<T> {
    /// Whether anything can be found: no stored text holds what PostgreSQL cannot store.
    pub(crate) fn can_find(&self) -> bool {
        self.params.iter().all(Param::is_storable)
    }
}

/// The place in a list after which it goes on. The last identifier there can be stands for "from the newest
/// on", and is never drawn: its time lies eight thousand years ahead.
fn before(page: Page) -> [u8; 16] {
    page.before.unwrap_or([0xff; 16])
}

/// Says which column cannot be understood; what it holds may be personal and is left out.
fn unreadable(column: &'static str) -> StoreError {
    StoreError::Corrupt(format!("the column {column} holds something no release has written"))
}

/// How columns become values that cannot be invalid.
trait Columns {
    fn value<'a, T: FromSql<'a>>(&'a self, column: &'static str) -> StoreResult<T>;

    fn id(&self, column: &'static str) -> StoreResult<[u8; 16]> {
        self.value::<Id>(column).map(|id| id.0)
    }

    fn bytes<const N: usize>(&self, column: &'static str) -> StoreResult<[u8; N]> {
        self.value::<&[u8]>(column)?.try_into().map_err(|_| unreadable(column))
    }

    fn time(&self, column: &'static str) -> StoreResult<Timestamp> {
        self.value(column).map(Timestamp)
    }

    fn moment(&self, column: &'static str) -> StoreResult<Option<Timestamp>> {
        Ok(self.value::<Option<i64>>(column)?.map(Timestamp))
    }

    fn named<T>(&self, column: &'static str, find: impl Fn(&str) -> Option<T>) -> StoreResult<T> {
        find(self.value(column)?).ok_or_else(|| unreadable(column))
    }

    fn parsed<T: FromStr>(&self, column: &'static str) -> StoreResult<T> {
        self.named(column, |text| text.parse().ok())
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> StoreResult<T> {
        self.named(column, |text| serde_json::from_str(text).ok())
    }
}

impl Columns for Row {
    fn value<'a, T: FromSql<'a>>(&'a self, column: &'static str) -> StoreResult<T> {
        self.try_get(column).map_err(|_| unreadable(column))
    }
}
