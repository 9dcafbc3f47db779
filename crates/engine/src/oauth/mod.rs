//! OAuth 2.0: the token endpoint's pipeline, the single mint, introspection and revocation.
//!
//! **Owns** who gets which token. **Never** lets a grant skip a phase: the types hand on the proof that the
//! phase before was passed ([`TokenRequest`] → [`AuthenticatedClient`] → `Authorization` → [`TokenSet`]).

mod authenticate_caller;
mod check;
mod client;
mod development;
mod error;
mod grant;
mod introspect;
mod jwks;
mod mint;
mod revoke;
mod target;
mod token;

pub use authenticate_caller::authenticate_caller;
pub use client::{AuthenticatedClient, ClientCredentials, authenticate};
pub use development::{DevelopmentToken, WantedToken, development_token};
pub use error::OAuthError;
pub use introspect::{Introspection, introspect};
pub use jwks::{PublishedKeys, jwks};
pub use mint::TokenSet;
pub use revoke::revoke;
pub use token::{TokenRequest, token};

/// The grants offered, by their names in RFC 6749.
pub const GRANTS: &[&str] = &["client_credentials"];
