//! The whole store as plain rows. SQL is put together here, but only of the names in [`intelliauth_store::archive::TABLES`].
//! Rows are read and put tenant by tenant, each inside its fence: nothing here sees over it.

mod array;
mod cells;
mod destination;
mod passage;
mod source;

pub use destination::PostgresDestination;
pub use source::PostgresSource;
