use intelliauth_model::TenantId;

use super::{Cell, Destination, Digest, Hash, Row, Source, TABLES, Table};
use crate::{StoreError, StoreResult};

/// How many rows are on their way at once.
const BATCH: u32 = 500;
const TENANTS: &str = "tenants";

/// What a move is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Counting what there is.
    Counting,
    /// Copying rows.
    Copying,
    /// Reading back what was copied.
    Verifying,
}

/// How far a move has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// To which table.
    pub table: &'static str,
    /// How many rows of this stage are done.
    pub done: u64,
    /// How many rows there are; grows while they are counted.
    pub total: u64,
}

/// What was moved of a table, and verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableReport {
    /// Which.
    pub table: &'static str,
    /// Its rows and their checksum, the same in both databases.
    pub digest: Digest,
}

/// Why nothing was moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The database that is read failed.
    #[error("the source: {0}")]
    Source(StoreError),
    /// The database that is filled failed, or cannot hold a row.
    #[error("the destination: {0}")]
    Destination(StoreError),
    /// What arrived is not what was sent.
    #[error(
        "the table {table} did not arrive as it was: {} rows with checksum {sent} were read, \
         {} rows with checksum {arrived} are there",
        sent.rows, arrived.rows
    )]
    Different {
        /// Which.
        table: &'static str,
        /// What was read.
        sent: Digest,
        /// What is there.
        arrived: Digest,
    },
    /// The end was asked for and failed.
    #[error("the end of the move failed: {0}")]
    Finish(StoreError),
}

/// Copies everything, reads it back, compares count and checksum of each table, and only then makes the
/// destination visible. On any failure the destination is as empty as it was.
pub async fn relocate(
    source: &mut dyn Source,
    mut destination: Box<dyn Destination>,
    hash: Hash,
    report: &mut (dyn FnMut(Progress) + Send),
) -> Result<Vec<TableReport>, MoveError> {
    let tenants = tenants(source).await.map_err(MoveError::Source)?;
    let total = count(source, &tenants, report).await.map_err(MoveError::Source)?;
    let mut trip = Trip { hash, report, done: 0, total };
    let mut sent = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        sent.push(trip.copy(table, &tenants, source, &mut *destination).await?);
    }
    trip.done = 0;
    for (table, sent) in TABLES.iter().zip(&sent) {
        let arrived =
            trip.verify(table, &tenants, &mut *destination).await.map_err(MoveError::Destination)?;
        if arrived != *sent {
            return Err(MoveError::Different { table: table.name, sent: *sent, arrived });
        }
    }
    // Its locks have kept everybody from writing to it. They are gone if its connection is, and the copy may then lack
    // what was acknowledged since.
    if let Some(table) = TABLES.first() {
        source.rows(table, None, None, 1).await.map_err(MoveError::Source)?;
    }
    destination.finish().await.map_err(MoveError::Finish)?;
    Ok(TABLES.iter().zip(sent).map(|(table, digest)| TableReport { table: table.name, digest }).collect())
}

/// Whose rows a table has.
fn owners<'a>(table: &Table, tenants: &'a [Option<TenantId>]) -> &'a [Option<TenantId>] {
    if table.of_tenants { tenants } else { &[None] }
}

async fn tenants(source: &mut dyn Source) -> StoreResult<Vec<Option<TenantId>>> {
    let table = TABLES.iter().find(|table| table.name == TENANTS).ok_or_else(nameless)?;
    let (mut ids, mut last) = (Vec::new(), None);
    loop {
        let rows = source.rows(table, None, last.as_ref(), BATCH).await?;
        for row in &rows {
            let Some(Cell::Id(id)) = row.first() else { return Err(nameless()) };
            ids.push(Some(TenantId::from_bytes(*id)));
        }
        if !is_full(&rows) {
            return Ok(ids);
        }
        last = rows.into_iter().next_back();
    }
}

/// Whether there may be more after these.
fn is_full(rows: &[Row]) -> bool {
    rows.len() >= BATCH as usize
}

fn nameless() -> StoreError {
    StoreError::Corrupt("a tenant has no identifier".to_owned())
}

async fn count(
    source: &mut dyn Source,
    tenants: &[Option<TenantId>],
    report: &mut (dyn FnMut(Progress) + Send),
) -> StoreResult<u64> {
    let mut total = 0;
    for table in TABLES {
        for tenant in owners(table, tenants) {
            total += source.count(table, *tenant).await?;
        }
        report(Progress { stage: Stage::Counting, table: table.name, done: 0, total });
    }
    Ok(total)
}

/// What all parts of a move share.
struct Trip<'a> {
    hash: Hash,
    report: &'a mut (dyn FnMut(Progress) + Send),
    done: u64,
    total: u64,
}

impl Trip<'_> {
    async fn copy(
        &mut self,
        table: &'static Table,
        tenants: &[Option<TenantId>],
        source: &mut dyn Source,
        destination: &mut dyn Destination,
    ) -> Result<Digest, MoveError> {
        let mut digest = Digest::default();
        for tenant in owners(table, tenants) {
            let mut last = None;
            loop {
                let read = source.rows(table, *tenant, last.as_ref(), BATCH).await;
                let rows = read.map_err(MoveError::Source)?;
                let Some(end) = rows.last().cloned() else { break };
                let more = is_full(&rows);
                self.add(&mut digest, Stage::Copying, table, &rows);
                destination.put(table, *tenant, rows).await.map_err(MoveError::Destination)?;
                if !more {
                    break;
                }
                last = Some(end);
            }
        }
        Ok(digest)
    }

    async fn verify(
        &mut self,
        table: &'static Table,
        tenants: &[Option<TenantId>],
        destination: &mut dyn Destination,
    ) -> StoreResult<Digest> {
        let mut digest = Digest::default();
        for tenant in owners(table, tenants) {
            let mut last = None;
            loop {
                let rows = destination.rows(table, *tenant, last.as_ref(), BATCH).await?;
                self.add(&mut digest, Stage::Verifying, table, &rows);
                if !is_full(&rows) {
                    break;
                }
                last = rows.into_iter().next_back();
            }
        }
        Ok(digest)
    }

    fn add(&mut self, digest: &mut Digest, stage: Stage, table: &Table, rows: &[Row]) {
        let mut spelling = Vec::new();
        for row in rows {
            digest.add(row, self.hash, &mut spelling);
        }
        self.done += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        (self.report)(Progress { stage, table: table.name, done: self.done, total: self.total });
    }
}
