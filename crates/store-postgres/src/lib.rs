//! The store on PostgreSQL: a pool of connections, each transaction sent in one go, forward-only migrations.
//!
//! **Owns** the SQL, the schema and how rows become model types. **Never** holds a business rule, reads a
//! clock, or lets a type of the driver out. Other nodes use the same database at the same time, so nothing here
//! relies on being alone or on what a connection remembers: every statement runs in a short transaction that
//! says its tenant and its limits itself, with no named statement, session setting or advisory lock, so a
//! transaction pooler may stand between.

mod archive;
mod connection;
mod endpoint;
mod error;
#[cfg(feature = "fixture")]
pub mod fixture;
mod listen;
mod migrate;
mod options;
mod param;
mod pipeline;
mod read;
mod retry;
mod store;
mod tenant;
mod write;

pub use archive::{PostgresDestination, PostgresSource};
pub use listen::{Listener, Notice};
pub use options::{OpenError, Options};
pub use store::{NodeId, PostgresStore};
