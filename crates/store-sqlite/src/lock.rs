use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

const LOCK_FILE: &str = "server.lock";

/// Keeps a second server from using the same data directory by accident. The operating system gives the lock
/// back when the process ends, however it ends, so a crash leaves nothing to clean up.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

/// Why the lock cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another server runs on this directory.
    #[error("another server is using the data directory {0}; stop it first or choose another directory")]
    Held(PathBuf),
    /// The lock file cannot be made.
    #[error("the lock file {path} cannot be used: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl ServerLock {
    /// Takes the lock of `data_dir`, which must exist, and holds it while the value lives.
    pub fn acquire(data_dir: &Path) -> Result<Self, LockError> {
        let path = data_dir.join(LOCK_FILE);
        let failed = |source| LockError::Io { path: path.clone(), source };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held(data_dir.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}
