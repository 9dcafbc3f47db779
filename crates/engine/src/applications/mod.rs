//! Applications: the programs that ask for tokens, and their secrets.
//!
//! **Owns** what an application may be registered with and when its secrets work. **Never** keeps a secret
//! or shows one a second time.

mod create;
mod delete;
mod get;
mod list;
mod policy;
mod redirect;
mod registered;
mod revoke_tokens;
mod rotate_secret;
mod set_enabled;
mod update;

pub use create::{Created, NewApplication, create};
pub use delete::delete;
pub use get::get;
pub use list::list;
pub(crate) use registered::Registered;
pub use revoke_tokens::revoke_tokens;
pub use rotate_secret::{RotatedSecret, rotate_secret};
pub use set_enabled::set_enabled;
pub use update::{ApplicationChange, update};
