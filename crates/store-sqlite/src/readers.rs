use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use intelliauth_store::{StoreError, StoreResult};
use rusqlite::Connection;

/// A connection that one thread uses at a time.
pub(crate) type Shared = Arc<Mutex<Connection>>;

/// Takes the connection. A panic elsewhere leaves it usable: SQLite resets a statement when it is dropped.
pub(crate) fn take(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Connections for reading.
pub(crate) struct Readers {
    slots: Vec<Shared>,
    turn: AtomicUsize,
}

impl Readers {
    pub(crate) fn new(slots: Vec<Shared>) -> Self {
        Self { slots, turn: AtomicUsize::new(0) }
    }

    /// Runs `read` on a free connection; if none is free, waits for the one whose turn it is.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<T> {
        let count = self.slots.len().max(1);
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % count;
        let free = self
            .slots
            .iter()
            .cycle()
            .skip(turn)
            .take(count)
            .find_map(|connection| connection.try_lock().ok());
        match free {
            Some(connection) => read(&connection),
            None => match self.slots.get(turn) {
                Some(connection) => read(&take(connection)),
                None => Err(StoreError::Unavailable("no connection for reading".to_owned())),
            },
        }
    }
}
