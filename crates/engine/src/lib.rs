//! The rules of identity.
//!
//! **Owns** every decision: who may do what, what a token carries, when a key signs, what a revocation
//! kills. **Never** speaks HTTP or SQL, reads the machine's clock or draws chance: [`Engine`] is given a
//! store, a clock, a source of randomness and a data key by the composition root.
//!
//! One folder per slice, one file per use case. Slices speak through model types, the store and events.

pub mod applications;
mod audit;
mod caller;
mod cursor;
mod engine;
mod error;
pub mod forgetting;
mod idempotency;
mod integrator_scope;
pub mod jobs;
pub mod keys;
pub mod oauth;
mod organisations;
mod passwords;
pub mod revocation;
pub mod sessions;
pub mod tenants;
pub mod users;
mod vault;

pub use caller::Caller;
pub use cursor::{Listing, Paged};
pub use engine::{Engine, EngineParts};
pub use error::{Error, Field};
pub use idempotency::Idempotent;
pub use integrator_scope::IntegratorScope;
pub use organisations::create_organisation;
pub use passwords::{PasswordCost, Passwords};
pub use tenants::Tenancy;
pub use vault::{DataKey, Vault, VaultError};
