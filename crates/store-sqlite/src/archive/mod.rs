//! The whole store as plain rows. SQL is put together here, but only of the names in [`intelliauth_store::archive::TABLES`].

mod cells;
mod destination;
mod rows;
mod source;

pub use destination::SqliteDestination;
pub use source::SqliteSource;
