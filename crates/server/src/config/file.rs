use std::{
    env,
    path::{Path, PathBuf},
};

use intelliauth_model::Secret;
use serde::Deserialize;

use crate::failure::{Failure, Outcome};

#[expect(clippy::struct_field_names, reason = "the fields are named as the settings are")]
/// The settings as written; every one optional here, so that what is missing can be named one by one.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) public_url: Option<String>,
    pub(super) listen: Option<String>,
    pub(super) operations_listen: Option<String>,
    pub(super) data: Option<PathBuf>,
    pub(super) database_url: Option<Secret>,
    pub(super) data_key_file: Option<PathBuf>,
    pub(super) data_key_command: Option<Vec<String>>,
    pub(super) trusted_proxies: Option<Vec<String>>,
    pub(super) requests_per_minute: Option<u32>,
    pub(super) log: Option<String>,
}

/// Reads the file and lays the environment over it. A file that is not there is an error, even if the
/// environment says everything: a mistyped path must not start a different server.
pub(super) fn read(path: &Path) -> Outcome<File> {
    let mut file = read_alone(path)?;
    overlay(&mut file)?;
    Ok(file)
}

/// Reads the file, whatever the environment says.
pub(super) fn read_alone(path: &Path) -> Outcome<File> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(format!("the configuration {} cannot be read: {error}", path.display()))
    })?;
    toml::from_str(&text)
        .map_err(|error| Failure::new(format!("{}: {}", path.display(), error.to_string().trim_end())))
}

fn overlay(file: &mut File) -> Outcome {
    let set = |slot: &mut Option<String>, name: &str| {
        if let Some(value) = variable(name) {
            *slot = Some(value);
        }
    };
    set(&mut file.public_url, "PUBLIC_URL");
    set(&mut file.listen, "LISTEN");
    set(&mut file.operations_listen, "OPERATIONS_LISTEN");
    set(&mut file.log, "LOG");
    if let Some(url) = variable("DATABASE_URL") {
        file.database_url = Some(Secret::new(url));
    }
    if let Some(path) = variable("DATA") {
        file.data = Some(path.into());
    }
    if let Some(path) = variable("DATA_KEY_FILE") {
        file.data_key_file = Some(path.into());
    }
    if let Some(command) = variable("DATA_KEY_COMMAND") {
        file.data_key_command = Some(command.split_whitespace().map(str::to_owned).collect());
    }
    if let Some(networks) = variable("TRUSTED_PROXIES") {
        let parts = networks.split(',').map(str::trim).filter(|part| !part.is_empty());
        file.trusted_proxies = Some(parts.map(str::to_owned).collect());
    }
    if let Some(number) = variable("REQUESTS_PER_MINUTE") {
        let parsed = number.parse().map_err(|_| {
            Failure::new(format!("INTELLIAUTH_REQUESTS_PER_MINUTE: '{number}' is not a number"))
        })?;
        file.requests_per_minute = Some(parsed);
    }
    Ok(())
}

fn variable(name: &str) -> Option<String> {
    env::var(format!("INTELLIAUTH_{name}")).ok()
}
