//! The store on SQLite: one writer thread that commits everything waiting with one `fsync`, a few reader
//! connections, forward-only migrations.
//!
//! **Owns** the SQL, the schema and how rows become model types. **Never** holds a business rule, reads a
//! clock, or lets an SQLite type out. Other processes (the command line) may open the same file at any time,
//! so nothing here relies on being alone; [`ServerLock`] keeps two *servers* apart.

mod archive;
mod error;
mod file;
mod lock;
mod migrate;
mod options;
mod read;
mod readers;
mod store;
mod tenant;
mod write;
mod writer;

pub use archive::{SqliteDestination, SqliteSource};
pub use lock::{LockError, ServerLock};
pub use options::{OpenError, Options};
pub use store::SqliteStore;
