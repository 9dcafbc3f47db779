use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome};

/// A machine application.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct M2m {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

/// A browser application.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Spa {
    pub(crate) client_id: String,
}

/// A user.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct UserLogin {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) password: String,
}

/// An administrator.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AdminLogin {
    pub(crate) email: String,
    pub(crate) password: String,
}

/// What the first start of `dev` made. Kept so that every start prints the same; that a file holds secrets
/// is why `serve` never makes one, and why its presence marks a directory as one for development.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credentials {
    pub(crate) tenant_url: String,
    pub(crate) audience: String,
    pub(crate) m2m: M2m,
    pub(crate) spa: Spa,
    pub(crate) user: UserLogin,
    pub(crate) admin: AdminLogin,
    /// The PostgreSQL the data is in, if it is not in the directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) database_url: Option<String>,
}

impl Credentials {
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let broken = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| broken(&error))?;
        serde_json::from_str(&text).map_err(|error| broken(&error))
    }

    pub(crate) fn write(&self, path: &Path) -> Outcome {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        write_private(path, &format!("{text}\n"))
    }
}

/// Writes a file that only its owner can read, whole or not at all.
pub(crate) fn write_private(path: &Path, text: &str) -> Outcome {
    let failed =
        |error: std::io::Error| Failure::new(format!("{} cannot be written: {error}", path.display()));
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let _ = fs::remove_file(&beside);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}
