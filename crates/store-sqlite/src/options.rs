use std::{io, path::PathBuf, time::Duration};

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Connections for reads of a row or a few; these run on the caller's thread.
    pub point_readers: usize,
    /// Connections for lists; these run on blocking threads, so that a long list holds up no lookup.
    pub list_readers: usize,
    /// How long to wait for another process that is writing.
    pub busy_timeout: Duration,
    /// How many transactions may wait for the writer.
    pub queue: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { point_readers: 4, list_readers: 2, busy_timeout: Duration::from_secs(5), queue: 1024 }
    }
}

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or the thread cannot be made.
    #[error("the database {path} cannot be opened: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite refused.
    #[error("the database cannot be opened: {0}")]
    Sqlite(String),
    /// The file holds tables that are not ours.
    #[error("the file is an SQLite database of another program; choose another path")]
    Foreign,
    /// The schema is older than this release, and it was not to be changed.
    #[error(
        "the database has schema {found}, this release needs schema {known}: run `intelliauth migrate` first"
    )]
    OldSchema {
        /// The newest migration in the file.
        found: i64,
        /// The newest migration in this release.
        known: i64,
    },
    /// There is a database already where one was to be made.
    #[error("there is a database already, or what one has left: {0}")]
    Taken(PathBuf),
    /// A newer release wrote the schema; going back would lose data it keeps.
    #[error(
        "the database has schema {found}, this release knows schema {known} at the most: \
         start the release that wrote it, or a newer one"
    )]
    FutureSchema {
        /// The newest migration in the file.
        found: i64,
        /// The newest migration in this release.
        known: i64,
    },
    /// A migration that has already run was edited afterwards, or the record of it was.
    #[error(
        "migration {version} ({name}) is not the one that made this database: \
         a migration must never change after its release"
    )]
    ChangedMigration {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
    },
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error.to_string())
    }
}
