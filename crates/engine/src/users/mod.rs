//! Users: the people whose tokens the tenant issues.
//!
//! **Owns** what a user may be made of and what changing one does to tokens already out. **Never** shows a
//! password or its hash.

mod create;
mod delete;
mod get;
mod list;
mod policy;
mod revoke_tokens;
mod set_enabled;
mod update;

pub use create::{NewUser, create};
pub use delete::delete;
pub use get::{find, get};
pub use list::list;
pub use revoke_tokens::revoke_tokens;
pub use set_enabled::set_enabled;
pub use update::{ProfileChange, UserChange, update};
