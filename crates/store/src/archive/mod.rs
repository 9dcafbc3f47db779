//! A whole store as plain rows: the way from one database into another.
//!
//! **Owns** the list of what is moved ([`TABLES`]), the form of a row on its way and the one procedure that moves
//! and verifies ([`relocate`]). **Never** interprets what it carries: a row arrives as it left, revisions, numbers of
//! the revocation log and spent secrets included, which the traits above could not say.

mod cell;
mod digest;
mod relocate;
mod tables;

use async_trait::async_trait;
use intelliauth_model::TenantId;

use crate::StoreResult;

pub use cell::{Cell, Row};
pub use digest::{Digest, Hash};
pub use relocate::{MoveError, Progress, Stage, TableReport, relocate};
pub use tables::{Column, Kind, NOT_MOVED, TABLES, Table};

/// A store that can be read as a whole, as it was at one moment.
#[async_trait]
pub trait Source: Send {
    /// How many rows a table has: all of them, or one tenant's.
    async fn count(&mut self, table: &'static Table, tenant: Option<TenantId>) -> StoreResult<u64>;
    /// Rows of a table in the order of its key, those after `after` (an earlier row), at most `limit`. A tenant's
    /// table is read tenant by tenant.
    async fn rows(
        &mut self,
        table: &'static Table,
        tenant: Option<TenantId>,
        after: Option<&Row>,
        limit: u32,
    ) -> StoreResult<Vec<Row>>;
}

/// An empty store that is being filled. Nobody sees anything of it before [`Destination::finish`]; dropped
/// before that, it leaves nothing.
#[async_trait]
pub trait Destination: Source {
    /// Adds rows.
    async fn put(
        &mut self,
        table: &'static Table,
        tenant: Option<TenantId>,
        rows: Vec<Row>,
    ) -> StoreResult<()>;
    /// Makes everything durable and visible at once.
    async fn finish(self: Box<Self>) -> StoreResult<()>;
}
