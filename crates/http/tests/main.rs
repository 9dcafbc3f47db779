//! The HTTP surface through its real router, over a real store, with the clock in the test's hand.

mod support;

mod applications;
mod feed;
mod framing;
mod idempotency;
mod keys;
mod lists;
mod oauth;
mod openapi;
mod tenancy;
mod tokens;
mod users;
