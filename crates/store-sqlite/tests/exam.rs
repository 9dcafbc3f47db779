//! The store exam, sat twice: in memory and on a file.

use intelliauth_store::exam::Pupil;
use intelliauth_store_sqlite::{Options, SqliteStore};

async fn in_memory() -> Pupil {
    Pupil::new(SqliteStore::memory().unwrap())
}

async fn on_file() -> Pupil {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("exam.db"), Options::default()).unwrap();
    Pupil::keeping(store, directory)
}

mod memory {
    intelliauth_store::store_exam!(super::in_memory());
}

mod file {
    intelliauth_store::store_exam!(super::on_file());
}
