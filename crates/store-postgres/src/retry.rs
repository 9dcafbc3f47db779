use std::{future::Future, time::Duration};

use deadpool_postgres::Pool;
use intelliauth_model::TenantId;
use intelliauth_store::{Committed, StoreError, StoreResult};
use tokio_postgres::Row;

use crate::{
    Options,
    connection::{self, Lease, Limits, NotDone},
    error::Failure,
    read::Query,
    write::Plan,
};

/// How often something is tried that failed for a cause that passes, and how long the first pause is; each
/// further one is twice as long. Together less than a second: long enough for a deadlock or a killed backend,
/// too short to pile up requests while a server restarts.
const ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// The way to the database: connections and limits.
pub(crate) struct Core {
    pub(crate) pool: Pool,
    pub(crate) limits: Limits,
    pub(crate) patience: Duration,
}

impl Core {
    pub(crate) fn new(pool: Pool, options: &Options) -> Self {
        Self { pool, limits: Limits::new(options), patience: options.patience }
    }

    pub(crate) async fn read<T>(&self, tenant: Option<TenantId>, query: &Query<T>) -> StoreResult<Vec<Row>> {
        self.within(self.persist(|| async {
            let lease = Lease::take(&self.pool).await?;
            Ok(connection::read(lease, &self.limits, tenant, query).await?)
        }))
        .await
    }

    pub(crate) async fn write(&self, tenant: Option<TenantId>, plan: &Plan) -> StoreResult<Committed> {
        self.within(self.persist(|| async {
            let lease = Lease::take(&self.pool).await?;
            connection::write(lease, &self.limits, tenant, plan).await
        }))
        .await
    }

    /// Tries again what was certainly not done. A commit whose answer was lost is never repeated: it could do
    /// twice what it did once, or find its own work in its way.
    async fn persist<T, F>(&self, attempt: impl Fn() -> F) -> StoreResult<T>
    where
        F: Future<Output = Result<T, NotDone>>,
    {
        let mut pause = FIRST_PAUSE;
        for left in (0..ATTEMPTS).rev() {
            match attempt().await {
                Ok(value) => return Ok(value),
                Err(NotDone::Undone(Failure { passing: true, error })) if left > 0 => {
                    tracing::debug!(%error, left, "the database is asked again");
                }
                Err(NotDone::Undone(failure)) => return Err(failure.error),
                Err(NotDone::Unknown(failure)) => {
                    let error = failure.error;
                    tracing::warn!(%error, "a commit was not answered; it may have been done");
                    return Err(StoreError::Unavailable(format!("a commit was not answered: {error}")));
                }
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        Err(StoreError::Unavailable("the database was asked too often".to_owned()))
    }

    async fn within<T>(&self, call: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
        tokio::time::timeout(self.patience, call).await.unwrap_or_else(|_| {
            Err(StoreError::Unavailable("the database does not answer in time".to_owned()))
        })
    }
}
