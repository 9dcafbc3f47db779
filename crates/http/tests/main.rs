//! The HTTP surface through its real router, over a real store, with the clock in the test's hand.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers are test code"
)]

pub(crate) mod support;

mod applications;
mod expiry;
mod feed;
mod feed_shared;
mod framing;
mod grants;
mod idempotency;
mod keys;
mod lists;
mod oauth;
mod openapi;
mod outage;
mod races;
mod rotation;
mod tenancy;
mod tokens;
mod users;
