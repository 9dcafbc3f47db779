use std::{
    io,
    thread::{Builder, JoinHandle},
    time::Duration,
};

use intelliauth_model::TenantId;
use intelliauth_store::{Committed, PlatformTx, StoreError, StoreResult, TenantTx};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::{
    error::store_error,
    readers::{Shared, take},
    write,
};

/// How many transactions share one commit at the most; it bounds how long the first of them waits.
const MAX_GROUP: usize = 256;
/// How long a transaction waits for a place in the queue before it is told to come back later.
const QUEUE_PATIENCE: Duration = Duration::from_secs(2);

/// What the writer can be asked to do.
pub(crate) enum Work {
    Tenant(TenantId, TenantTx),
    Platform(PlatformTx),
    /// Write something that means nothing, to learn whether writing works.
    Probe,
}

struct Job {
    work: Work,
    answer: oneshot::Sender<StoreResult<Committed>>,
}

/// The one thread that writes. One writer is what SQLite allows anyway; taking turns here instead of at the
/// file's lock lets everything that waits share a single `fsync`.
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connection: Shared, queue: usize) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(queue.max(1));
        let thread =
            Builder::new().name("store-writer".to_owned()).spawn(move || run(&connection, receiver))?;
        Ok(Self { queue: Some(sender), thread: Some(thread) })
    }

    /// Hands `work` over and waits until it is durable or refused. If the caller stops waiting, the work is
    /// done all the same.
    pub(crate) async fn commit(&self, work: Work) -> StoreResult<Committed> {
        let gone = || StoreError::Unavailable("the writer has stopped".to_owned());
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        let (answer, result) = oneshot::channel();
        queue.send_timeout(Job { work, answer }, QUEUE_PATIENCE).await.map_err(|error| match error {
            mpsc::error::SendTimeoutError::Timeout(_) => {
                StoreError::Unavailable("too many writes are waiting".to_owned())
            }
            mpsc::error::SendTimeoutError::Closed(_) => gone(),
        })?;
        result.await.unwrap_or_else(|_| Err(gone()))
    }
}

/// Closing the queue lets the thread finish what is in it and end.
impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's writer had panicked");
        }
    }
}

fn run(connection: &Shared, mut queue: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(MAX_GROUP);
    while let Some(first) = queue.blocking_recv() {
        group.push(first);
        while group.len() < MAX_GROUP
            && let Ok(next) = queue.try_recv()
        {
            group.push(next);
        }
        let results = commit_group(&take(connection), &group);
        for (job, result) in group.drain(..).zip(results) {
            // Nobody waiting any more is no failure.
            let _ = job.answer.send(result);
        }
    }
}

fn commit_group(connection: &Connection, group: &[Job]) -> Vec<StoreResult<Committed>> {
    try_group(connection, group).unwrap_or_else(|error| {
        tracing::warn!(transactions = group.len(), %error, "a group of transactions was not committed");
        if !connection.is_autocommit()
            && let Err(error) = execute(connection, "ROLLBACK")
        {
            tracing::error!(%error, "a failed group of transactions cannot be rolled back");
        }
        // Each of them may well succeed later, whatever it was that stopped the group.
        let reason = StoreError::Unavailable(error.to_string());
        group.iter().map(|_| Err(reason.clone())).collect()
    })
}

/// One commit for all. The outer error means that nothing of the group was done.
fn try_group(connection: &Connection, group: &[Job]) -> StoreResult<Vec<StoreResult<Committed>>> {
    execute(connection, "BEGIN IMMEDIATE")?;
    let results = group.iter().map(|job| try_one(connection, &job.work)).collect::<StoreResult<Vec<_>>>()?;
    execute(connection, "COMMIT")?;
    Ok(results)
}

/// One transaction of the group. If it fails it is undone alone; but some failures (a full disk) make SQLite
/// give up the whole group, and then nobody may be told that all is well.
fn try_one(connection: &Connection, work: &Work) -> StoreResult<StoreResult<Committed>> {
    execute(connection, "SAVEPOINT one")?;
    let result = match work {
        Work::Tenant(tenant, tx) => write::tenant_tx(connection, *tenant, tx),
        Work::Platform(tx) => write::platform_tx(connection, tx),
        Work::Probe => write::probe(connection),
    };
    if let Err(error) = &result {
        if connection.is_autocommit() {
            return Err(error.clone());
        }
        execute(connection, "ROLLBACK TO one")?;
    }
    execute(connection, "RELEASE one")?;
    Ok(result)
}

fn execute(connection: &Connection, sql: &str) -> StoreResult<()> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map_err(store_error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        path::Path,
        sync::{Arc, Mutex},
    };

    use intelliauth_store::exam::fixtures::{event, organisation, tenant, tx};
    use intelliauth_store::{PlatformWrite, TenantWrite};

    use super::*;
    use crate::{Options, file, migrate};

    fn append(n: u64, bytes: usize) -> Work {
        let mut event = event(n);
        event.data = "x".repeat(bytes);
        Work::Tenant(tenant(1).id, tx([TenantWrite::AppendEvent(Box::new(event))]))
    }

    async fn start(path: &Path) -> (Writer, Shared) {
        let mut connection = file::writer(path, Options::default()).unwrap();
        migrate::migrate(&mut connection, migrate::MIGRATIONS, &migrate::to_log).unwrap();
        let connection = Arc::new(Mutex::new(connection));
        let writer = Writer::start(Arc::clone(&connection), 1000).unwrap();
        let made = PlatformTx::new()
            .with(PlatformWrite::InsertOrganisation(Box::new(organisation(1))))
            .with(PlatformWrite::InsertTenant(Box::new(tenant(1))));
        writer.commit(Work::Platform(made)).await.unwrap();
        (writer, connection)
    }

    fn pragma(connection: &Shared, sql: &str) -> i64 {
        take(connection).query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// A limit on the pages of the file gives the same error as a full disk.
    #[tokio::test]
    async fn a_full_disk_is_unavailable_and_heals() {
        let directory = tempfile::tempdir().unwrap();
        let (writer, connection) = start(&directory.path().join("store.db")).await;
        let pages = pragma(&connection, "PRAGMA page_count");
        pragma(&connection, &format!("PRAGMA max_page_count = {}", pages + 20));
        let mut kept = Vec::new();
        // One large transaction among small ones that would have had room.
        for round in 0..10 {
            let jobs =
                (0..10).map(|k| writer.commit(append(round * 10 + k, if k == 5 { 60_000 } else { 10 })));
            let mut jobs: Vec<_> = jobs.map(Box::pin).collect();
            for job in &mut jobs {
                // Into the queue, so that they are committed together.
                let _ =
                    Future::poll(job.as_mut(), &mut std::task::Context::from_waker(std::task::Waker::noop()));
            }
            for (k, job) in (0..).zip(jobs) {
                match job.await {
                    Ok(_) => kept.push(round * 10 + k),
                    Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error}"),
                }
            }
        }
        assert!(kept.len() < 100, "the disk was never full");
        assert!(take(&connection).is_autocommit(), "no transaction is left open");
        pragma(&connection, "PRAGMA max_page_count = 100000");
        writer.commit(append(1000, 60_000)).await.unwrap();
        kept.push(1000);
        let mut there = take(&connection)
            .prepare("SELECT id FROM events ORDER BY id")
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
            .unwrap();
        let expected: Vec<[u8; 16]> = kept.iter().map(|n| event(*n).id.to_bytes()).collect();
        assert_eq!(std::mem::take::<Vec<[u8; 16]>>(&mut there), expected, "exactly what was acknowledged");
    }

    #[tokio::test]
    async fn a_writer_that_is_gone_is_unavailable() {
        let (sender, receiver) = mpsc::channel::<Job>(8);
        let writer = Writer { queue: Some(sender), thread: None };
        let taken = tokio::spawn(async move {
            let mut receiver = receiver;
            drop(receiver.recv().await);
        });
        for _ in 0..2 {
            let refusal = writer.commit(Work::Probe).await;
            assert!(matches!(refusal, Err(StoreError::Unavailable(_))), "{refusal:?}");
        }
        taken.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_stays_full_is_unavailable() {
        let (sender, _receiver) = mpsc::channel::<Job>(1);
        let writer = Writer { queue: Some(sender), thread: None };
        let mut first = Box::pin(writer.commit(Work::Probe));
        let waits =
            Future::poll(first.as_mut(), &mut std::task::Context::from_waker(std::task::Waker::noop()));
        assert!(waits.is_pending());
        let refusal = writer.commit(Work::Probe).await;
        assert_eq!(refusal, Err(StoreError::Unavailable("too many writes are waiting".to_owned())));
    }
}
