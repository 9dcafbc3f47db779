use async_trait::async_trait;
use intelliauth_model::TenantId;
use intelliauth_store::{
    StoreResult,
    archive::{Destination, Row, Source, TABLES, Table},
};

use super::passage::Passage;
use crate::{OpenError, Options, PostgresStore, migrate};

/// An empty database that is filled in one transaction: nobody sees half of it, and whatever interrupts the move
/// leaves it empty.
pub struct PostgresDestination(Passage);

impl PostgresDestination {
    /// Begins to fill the database at `url`. Its schema is brought to this release if `options` say so; it must
    /// hold nothing of ours.
    pub async fn create(url: &str, options: &Options) -> Result<Self, OpenError> {
        if options.migrate {
            PostgresStore::migrate(url, *options, &migrate::to_log).await?;
        }
        // Nobody may add a tenant between the look and the end.
        let mut passage =
            Passage::begin(url, options, "READ COMMITTED READ WRITE", "SHARE ROW EXCLUSIVE").await?;
        super::source::refuse_nodes(&mut passage).await?;
        for table in TABLES.iter().filter(|table| !table.of_tenants) {
            let rows = passage.count(table, None).await;
            if rows.map_err(|error| OpenError::Unsuitable(error.to_string()))? > 0 {
                return Err(OpenError::Taken(table.name));
            }
        }
        Ok(Self(passage))
    }
}

#[async_trait]
impl Source for PostgresDestination {
    async fn count(&mut self, table: &'static Table, tenant: Option<TenantId>) -> StoreResult<u64> {
        self.0.count(table, tenant).await
    }

    async fn rows(
        &mut self,
        table: &'static Table,
        tenant: Option<TenantId>,
        after: Option<&Row>,
        limit: u32,
    ) -> StoreResult<Vec<Row>> {
        self.0.rows(table, tenant, after, limit).await
    }
}

#[async_trait]
impl Destination for PostgresDestination {
    async fn put(
        &mut self,
        table: &'static Table,
        tenant: Option<TenantId>,
        rows: Vec<Row>,
    ) -> StoreResult<()> {
        self.0.put(table, tenant, rows).await
    }

    async fn finish(self: Box<Self>) -> StoreResult<()> {
        self.0.commit().await
    }
}
