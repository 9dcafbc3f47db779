//! Tenants: finding the one a request is for, keeping what every request needs of it at hand, making and
//! changing it.
//!
//! **Owns** the tenant cache and its freshness. **Never** hands out one tenant's rows under another's name:
//! a [`Tenancy`] is the only way to a tenant's store, and it is found by authority or id, never by a header
//! of the caller's choice.

mod add_admin;
mod add_audience;
mod cache;
mod create;
mod entry;
mod revoke_tokens;
mod snapshot;
mod tenancy;
mod update;

pub use add_admin::add_admin;
pub use add_audience::{NewAudience, add_audience};
pub(crate) use cache::Tenants;
pub use cache::{changed_elsewhere, open, resolve};
pub use create::{NewTenant, create};
pub(crate) use entry::{TRUSTED_MS, TenantEntry};
pub use revoke_tokens::revoke_tokens;
pub use snapshot::Snapshot;
pub use tenancy::Tenancy;
pub use update::{TenantChange, update};
