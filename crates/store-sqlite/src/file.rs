use std::{
    fs::OpenOptions,
    io::ErrorKind,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{OpenError, Options};

/// Statements kept prepared per connection; more than there are different ones.
const STATEMENTS: usize = 128;
/// How often, and how long apart, to ask for WAL mode while another process is making the same file.
const WAL_ATTEMPTS: u32 = 100;
const WAL_PAUSE: Duration = Duration::from_millis(20);

/// Opens the connection that writes, making the file if it is not there.
pub(crate) fn writer(path: &Path, options: Options) -> Result<Connection, OpenError> {
    make_private(path)?;
    let connection = connect(path, options)?;
    enter_wal(&connection)?;
    // FULL: a commit that was answered is on the disk (with NORMAL, a power cut may take the last ones back,
    // and with them revocations and spent codes). fullfsync is what makes that true on macOS.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(crate) fn reader(path: &Path, options: Options) -> Result<Connection, OpenError> {
    let connection = connect(path, options)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    Ok(connection)
}

/// Opens a database that lives and dies with its only connection.
pub(crate) fn memory() -> Result<Connection, OpenError> {
    let connection = Connection::open_in_memory()?;
    prepare(&connection)?;
    Ok(connection)
}

/// Opens a connection that fills a new file which is thrown away if anything fails, so that nothing need be undone.
pub(crate) fn filler(path: &Path) -> Result<Connection, OpenError> {
    make_private(path)?;
    let connection = connect(path, Options::default())?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;")?;
    Ok(connection)
}

/// Opens a file that is there.
pub(crate) fn connect(path: &Path, options: Options) -> Result<Connection, OpenError> {
    // No URI: a path is a path, whatever characters it has.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), OpenError> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(())
}

/// Makes the file readable by its owner only. SQLite gives the files beside it (`-wal`, `-shm`) the mode of
/// the main one.
fn make_private(path: &Path) -> Result<(), OpenError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(OpenError::Io { path: PathBuf::from(path), source }),
    }
}

/// Two processes that make the same file at once can refuse each other here, and SQLite does not wait in
/// that case although a busy timeout is set.
fn enter_wal(connection: &Connection) -> Result<(), OpenError> {
    let mut attempt = 1;
    loop {
        match connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0)) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => return Err(OpenError::Sqlite(format!("no write-ahead log here, only {mode:?}"))),
            Err(error)
                if attempt < WAL_ATTEMPTS
                    && matches!(
                        error.sqlite_error_code(),
                        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
                    ) =>
            {
                attempt += 1;
                thread::sleep(WAL_PAUSE);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: i64 = 2;

    /// What "acknowledged" is worth hangs on these; a kill cannot show it, only a power cut could.
    #[test]
    fn commits_are_synchronous_and_readers_cannot_write() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("store.db");
        let writing = writer(&path, Options::default()).unwrap();
        let reading = reader(&path, Options::default()).unwrap();
        let number = |connection: &Connection, name: &str| -> i64 {
            connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).unwrap()
        };
        assert_eq!(number(&writing, "synchronous"), FULL);
        assert_eq!(number(&writing, "fullfsync"), 1);
        assert_eq!(number(&writing, "foreign_keys"), 1);
        let mode: String = reading.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
        writing.execute_batch("CREATE TABLE t (x)").unwrap();
        assert!(reading.execute("INSERT INTO t VALUES (1)", []).is_err());
    }
}
