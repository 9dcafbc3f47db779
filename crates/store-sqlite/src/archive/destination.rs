use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use intelliauth_model::TenantId;
use intelliauth_store::{
    StoreError, StoreResult,
    archive::{Destination, Row, Source, Table},
};
use rusqlite::{Connection, OpenFlags};

use super::rows;
use crate::{OpenError, error::store_error, file, migrate};

/// What the name of a file that is being filled ends with.
const UNFINISHED: &str = ".unfinished";
/// A database, and the files that SQLite keeps beside it.
const BESIDE: [&str; 4] = ["", "-journal", "-wal", "-shm"];

/// A new file. It is filled beside its place and gets its name when it is whole, on the disk and verified, so that
/// no half of one is ever found there.
pub struct SqliteDestination {
    connection: Option<Connection>,
    unfinished: PathBuf,
    path: PathBuf,
}

impl SqliteDestination {
    /// Begins a file that will be at `path`, where there must be none. What an earlier attempt left beside it is
    /// removed: the caller sees to it that there is no other attempt under way.
    pub fn create(path: &Path) -> Result<Self, OpenError> {
        if let Some(taken) = taken(path) {
            return Err(OpenError::Taken(taken));
        }
        let unfinished = with_suffix(path, UNFINISHED);
        let io = |source| OpenError::Io { path: unfinished.clone(), source };
        remove(&unfinished).map_err(io)?;
        let mut connection = file::filler(&unfinished)?;
        migrate::migrate(&mut connection, migrate::MIGRATIONS, &migrate::to_log)?;
        connection.execute_batch("BEGIN")?;
        Ok(Self { connection: Some(connection), unfinished, path: path.to_owned() })
    }

    fn connection(&self) -> StoreResult<&Connection> {
        self.connection.as_ref().ok_or_else(|| StoreError::Unavailable("the file is closed".to_owned()))
    }

    fn close(&mut self) -> StoreResult<()> {
        let Some(connection) = self.connection.take() else { return Ok(()) };
        connection.execute_batch("COMMIT").map_err(store_error)?;
        connection.close().map_err(|(_, error)| store_error(error))?;
        self.check()
    }

    /// Asks SQLite whether the file is sound as it lies on the disk, not as the connection that wrote it knows it.
    fn check(&self) -> StoreResult<()> {
        let connection = Connection::open_with_flags(&self.unfinished, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let verdict = connection.and_then(|connection| {
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
        });
        match verdict.map_err(store_error)?.as_str() {
            "ok" => Ok(()),
            problem => Err(StoreError::Corrupt(problem.to_owned())),
        }
    }

    /// A link instead of a new name: it fails where somebody has made a database meanwhile.
    fn publish(&self) -> io::Result<()> {
        File::open(&self.unfinished)?.sync_all()?;
        if let Some(taken) = taken(&self.path) {
            return Err(io::Error::new(ErrorKind::AlreadyExists, taken.display().to_string()));
        }
        fs::hard_link(&self.unfinished, &self.path)?;
        if let Some(directory) = self.path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            File::open(directory)?.sync_all()?;
        }
        Ok(())
    }
}

impl Drop for SqliteDestination {
    fn drop(&mut self) {
        drop(self.connection.take());
        if let Err(error) = remove(&self.unfinished) {
            tracing::warn!(%error, path = %self.unfinished.display(), "a file that was not finished is left");
        }
    }
}

/// What is in the way: a database, or what one has left that ended badly. SQLite would play the log of the old one
/// into the new one at its first opening.
fn taken(path: &Path) -> Option<PathBuf> {
    BESIDE.iter().map(|suffix| with_suffix(path, suffix)).find(|path| path.symlink_metadata().is_ok())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn remove(unfinished: &Path) -> io::Result<()> {
    for suffix in BESIDE {
        match fs::remove_file(with_suffix(unfinished, suffix)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[async_trait]
impl Source for SqliteDestination {
    async fn count(&mut self, table: &'static Table, tenant: Option<TenantId>) -> StoreResult<u64> {
        rows::count(self.connection()?, table, tenant)
    }

    async fn rows(
        &mut self,
        table: &'static Table,
        tenant: Option<TenantId>,
        after: Option<&Row>,
        limit: u32,
    ) -> StoreResult<Vec<Row>> {
        rows::after(self.connection()?, table, tenant, after, limit)
    }
}

#[async_trait]
impl Destination for SqliteDestination {
    async fn put(
        &mut self,
        table: &'static Table,
        _tenant: Option<TenantId>,
        rows: Vec<Row>,
    ) -> StoreResult<()> {
        rows::insert(self.connection()?, table, &rows)
    }

    async fn finish(mut self: Box<Self>) -> StoreResult<()> {
        self.close()?;
        self.publish().map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}
