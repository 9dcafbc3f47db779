//! The rules over a real store, with the clock in the test's hand.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers are test code"
)]

pub(crate) mod support;

mod audit;
mod data_key;
mod freshness;
mod jobs;
mod redaction;
mod revocations;
