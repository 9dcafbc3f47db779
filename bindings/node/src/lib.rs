//! The addon behind the native engine of `@intelliauth/node-sdk`: takes a public key in and checks signatures
//! with it, on the calling thread or off it.
//!
//! **Invariant:** bytes and handles only. No policy, no claims, no clock, no I/O; what a token means is decided
//! in TypeScript. Nothing here panics across the boundary, and bad input is an answer, never undefined behaviour.

// `#[napi]` exports nothing from a build for tests, so that everything looks unused in one.
#![cfg_attr(test, allow(dead_code))]

mod check;
mod guard;
mod key_handle;
mod text;

use napi_derive::napi;

/// The version of this addon.
#[napi]
#[must_use]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
