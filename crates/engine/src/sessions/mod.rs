//! Sessions: a user's sign-in, which tokens name in `sid`.
//!
//! **Owns** beginning and ending them. **Never** revives an ended one.

mod begin;
mod revoke;

pub use begin::{SignIn, begin};
pub use revoke::revoke;
