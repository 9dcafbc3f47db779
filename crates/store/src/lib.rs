//! The storage contract: what a store must answer, what a transaction may say, and the exam that proves it.
//!
//! **Owns** the traits [`Store`] and [`TenantStore`], transactions as values ([`TenantTx`], [`PlatformTx`])
//! and [`StoreError`]. **Never** names a driver, a dialect or a business rule. A tenant's rows are reachable
//! only through the handle [`Store::scoped`] gives, so a forgotten `WHERE tenant_id` cannot be written above
//! this line.

pub mod archive;
mod error;
#[cfg(feature = "exam")]
pub mod exam;
mod intern;
mod page;
mod schema;
mod store;
mod tx;

pub use error::{Constraint, Entity, StoreError, StoreResult};
pub use intern::intern;
pub use page::{Page, UserFilter};
pub use schema::{KnownMigration, SchemaState, Told};
pub use store::{Store, TenantStore, TenantVersions};
pub use tx::{Committed, PlatformTx, PlatformWrite, TenantTx, TenantWrite};
