use async_trait::async_trait;
use intelliauth_model::TenantId;
use intelliauth_store::{
    StoreResult,
    archive::{Row, Source, Table},
};

use super::passage::Passage;
use crate::{OpenError, Options};

/// A database that is read as a whole, as it was at one moment. While it is, nobody writes to it: what was
/// acknowledged meanwhile would not be in the copy.
pub struct PostgresSource(Passage);

impl PostgresSource {
    /// Opens the database at `url`, which must be of this release. Refused while nodes serve on it: they would
    /// go on with the old database after the move.
    pub async fn open(url: &str, options: &Options) -> Result<Self, OpenError> {
        let mut passage = Passage::begin(url, options, "REPEATABLE READ READ ONLY", "SHARE").await?;
        refuse_nodes(&mut passage).await?;
        Ok(Self(passage))
    }
}

pub(super) async fn refuse_nodes(passage: &mut Passage) -> Result<(), OpenError> {
    match passage.nodes().await {
        Ok(0) => Ok(()),
        Ok(nodes) => Err(OpenError::InUse(nodes)),
        Err(error) => Err(OpenError::Unsuitable(error.to_string())),
    }
}

#[async_trait]
impl Source for PostgresSource {
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
