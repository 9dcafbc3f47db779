//! The HTTP surface through its real router, over a real store, with the clock in the test's hand.

mod support;

mod applications;
mod idempotency;
mod lists;
mod oauth;
mod tokens;
mod users;
