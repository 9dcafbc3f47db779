use std::path::Path;

use async_trait::async_trait;
use intelliauth_model::TenantId;
use intelliauth_store::{
    StoreResult,
    archive::{Row, Source, Table},
};
use rusqlite::Connection;

use super::rows;
use crate::{OpenError, Options, file, migrate};

/// A file that is read as a whole. While it is, nobody writes to it: what was acknowledged meanwhile would not be
/// in the copy.
pub struct SqliteSource {
    connection: Connection,
}

impl SqliteSource {
    /// Opens the database at `path`, which must be there and of this release.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let connection = file::connect(path, Options::default())?;
        migrate::require(&connection, migrate::MIGRATIONS)?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Self { connection })
    }
}

#[async_trait]
impl Source for SqliteSource {
    async fn count(&mut self, table: &'static Table, tenant: Option<TenantId>) -> StoreResult<u64> {
        rows::count(&self.connection, table, tenant)
    }

    async fn rows(
        &mut self,
        table: &'static Table,
        tenant: Option<TenantId>,
        after: Option<&Row>,
        limit: u32,
    ) -> StoreResult<Vec<Row>> {
        rows::after(&self.connection, table, tenant, after, limit)
    }
}
