//! Queries: one file per table. Each takes the tenant and names it first in its `WHERE`.

use std::{fmt, str::FromStr};

use intelliauth_model::Timestamp;
use intelliauth_store::{Page, StoreResult};
use rusqlite::{Connection, Error, OptionalExtension, Params, Row, types::Type};
use serde::de::DeserializeOwned;

use crate::error::store_error;

pub(crate) mod admin;
pub(crate) mod application;
pub(crate) mod audience;
pub(crate) mod client_secret;
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

/// Whether a connection can read at all.
pub(crate) fn ping(connection: &Connection) -> StoreResult<()> {
    one(connection, "SELECT count FROM probe WHERE id = 1", [], |row| row.get::<_, i64>(0)).map(drop)
}

/// Runs a statement that gives one row or none; a change with `RETURNING` is one too.
pub(crate) fn one<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> StoreResult<Option<T>> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row(params, map).optional())
        .map_err(store_error)
}

/// Runs a statement that gives any number of rows.
pub(crate) fn many<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> StoreResult<Vec<T>> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_map(params, map)?.collect())
        .map_err(store_error)
}

/// Sorts after every identifier, so that a list from the newest on is the same query as any other page.
const AFTER_EVERY_ID: [u8; 17] = [0xff; 17];

fn before(page: &Page) -> &[u8] {
    page.before.as_ref().map_or(&AFTER_EVERY_ID, |id| id)
}

/// Says which column cannot be understood; what it holds may be personal and is left out.
struct Unreadable(&'static str);

impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the column {} holds something no release has written", self.0)
    }
}

impl std::error::Error for Unreadable {}

fn unreadable(column: &'static str) -> Error {
    Error::FromSqlConversionFailure(0, Type::Text, Box::new(Unreadable(column)))
}

/// How columns become values that cannot be invalid.
trait Columns {
    fn time(&self, column: &'static str) -> rusqlite::Result<Timestamp>;
    fn moment(&self, column: &'static str) -> rusqlite::Result<Option<Timestamp>>;
    fn parsed<T: FromStr>(&self, column: &'static str) -> rusqlite::Result<T>;
    fn named<T>(&self, column: &'static str, find: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T>;
    fn json<T: DeserializeOwned>(&self, column: &'static str) -> rusqlite::Result<T>;
}

impl Columns for Row<'_> {
    fn time(&self, column: &'static str) -> rusqlite::Result<Timestamp> {
        self.get(column).map(Timestamp)
    }

    fn moment(&self, column: &'static str) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.get::<_, Option<i64>>(column)?.map(Timestamp))
    }

    fn parsed<T: FromStr>(&self, column: &'static str) -> rusqlite::Result<T> {
        self.named(column, |text| text.parse().ok())
    }

    fn named<T>(&self, column: &'static str, find: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
        let text = self.get_ref(column)?.as_str().map_err(|_| unreadable(column))?;
        find(text).ok_or_else(|| unreadable(column))
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> rusqlite::Result<T> {
        self.named(column, |text| serde_json::from_str(text).ok())
    }
}
