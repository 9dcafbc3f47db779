use std::time::Duration;

/// How a store is opened and how long it waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Connections of this process at the most. All nodes together must stay under the server's
    /// `max_connections` (or the pooler's).
    pub pool_size: usize,
    /// How long to wait for a free connection of the pool.
    pub pool_patience: Duration,
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// How long one statement may run before the server gives it up.
    pub statement_timeout: Duration,
    /// How long a write waits for a row that another transaction holds.
    pub lock_timeout: Duration,
    /// How long a call may take with all its attempts; after that nobody waits for the network any more.
    pub patience: Duration,
    /// Whether [`crate::PostgresStore::connect`] brings the schema to this release. With `false` it only looks
    /// whether somebody has: for a role that may not change the schema.
    pub migrate: bool,
    /// How long to wait for another node that is changing the schema.
    pub migration_patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pool_size: 16,
            pool_patience: Duration::from_secs(2),
            connect_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(3),
            patience: Duration::from_secs(10),
            migrate: true,
            migration_patience: Duration::from_mins(2),
        }
    }
}

/// Why a database cannot be opened. None of the texts shows the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL says something that cannot be.
    #[error("the database URL cannot be used: {0}")]
    Url(String),
    /// The certificates to trust cannot be had.
    #[error("the certificates for the database cannot be used: {0}")]
    Certificates(String),
    /// The server cannot be reached, or does not let us in.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The server is one we cannot work with.
    #[error("the database cannot be used: {0}")]
    Unsuitable(String),
    /// The server refused a statement while the schema was looked at or changed.
    #[error("the database's schema cannot be brought to this release: {0}")]
    Migration(String),
    /// The schema holds tables that are not ours.
    #[error(
        "the database holds tables of another program; give IntelliAuth a database or a schema of its own"
    )]
    Foreign,
    /// The schema is older than this release, and it was not to be changed.
    #[error(
        "the database has schema {found}, this release needs schema {known}: run `intelliauth migrate` first"
    )]
    OldSchema {
        /// The newest migration in the database.
        found: i64,
        /// The newest migration in this release.
        known: i64,
    },
    /// Nodes serve on a database that is to be moved.
    #[error(
        "{0} nodes are running on the database: stop them first, since what they change after the move would be \
         lost (one that was killed counts for a minute)"
    )]
    InUse(i64),
    /// A database that was to be filled holds something.
    #[error("the database is not empty: its table {0} has rows")]
    Taken(&'static str),
    /// A newer release wrote the schema; going back would lose data it keeps.
    #[error(
        "the database has schema {found}, this release knows schema {known} at the most: \
         start the release that wrote it, or a newer one"
    )]
    FutureSchema {
        /// The newest migration in the database.
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
    /// Another node holds the right to change the schema and does not finish.
    #[error("another node has been changing the schema for too long; look at it, then start this one again")]
    Busy,
}
