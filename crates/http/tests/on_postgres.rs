//! The HTTP surface again, every test of it, over a real PostgreSQL.

#[path = "main.rs"]
mod suite;

use suite::support;
