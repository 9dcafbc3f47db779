//! The store exam, sat twice: in memory and on a file.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use std::future::{Ready, ready};

use intelliauth_store::exam::Pupil;
use intelliauth_store_sqlite::{Options, SqliteStore};

fn in_memory() -> Ready<Pupil> {
    ready(Pupil::new(SqliteStore::memory().unwrap()))
}

fn on_file() -> Ready<Pupil> {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("exam.db"), Options::default()).unwrap();
    ready(Pupil::keeping(store, directory))
}

mod memory {
    intelliauth_store::store_exam!(super::in_memory());
}

mod file {
    intelliauth_store::store_exam!(super::on_file());
}
