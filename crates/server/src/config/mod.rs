//! Settings for production: read from a file, overridden by the environment, refused if missing or unsafe.

mod data_key;
mod file;
mod public_url;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use intelliauth_engine::DataKey;
use intelliauth_model::Secret;
use ipnet::IpNet;

pub(crate) use data_key::parse as parse_data_key;
pub(crate) use public_url::PublicUrl;

use crate::{
    compose::Database,
    failure::{Failure, Outcome},
    telemetry,
};

/// Settings that are there and safe.
pub(crate) struct Settings {
    pub(crate) public_url: PublicUrl,
    pub(crate) listen: SocketAddr,
    pub(crate) operations_listen: Option<SocketAddr>,
    pub(crate) database: Database,
    pub(crate) data_key: DataKey,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) requests_per_minute: u32,
    pub(crate) log: String,
}

/// Reads and checks the settings in `path`.
pub(crate) async fn load(path: &Path) -> Outcome<Settings> {
    let file = file::read(path)?;
    let public_url = file.public_url.as_deref().ok_or_else(|| {
        missing(
            "public_url",
            "the HTTPS URL under which tenants are reached, such as https://auth.example.com",
        )
    })?;
    let trusted_proxies = file.trusted_proxies.ok_or_else(|| {
        missing("trusted_proxies", "the networks whose X-Forwarded-Host is believed; [] for none")
    })?;
    let log = file.log.unwrap_or_else(|| "info".to_owned());
    telemetry::parse_filter(&log)?;
    let requests_per_minute = file.requests_per_minute.unwrap_or(1000);
    if requests_per_minute == 0 {
        return Err(Failure::new("requests_per_minute must be at least 1"));
    }
    Ok(Settings {
        public_url: public_url.parse()?,
        listen: address("listen", file.listen.as_deref().unwrap_or("127.0.0.1:8480"))?,
        operations_listen: match file.operations_listen.as_deref() {
            Some("off") => None,
            Some(text) => Some(address("operations_listen", text)?),
            None => Some(address("operations_listen", "127.0.0.1:8481")?),
        },
        database: database(file.data, file.database_url)?,
        data_key: data_key::obtain(file.data_key_file.as_deref(), file.data_key_command.as_deref()).await?,
        trusted_proxies: proxies(&trusted_proxies)?,
        requests_per_minute,
        log,
    })
}

/// The database that the file at `path` names. The environment is not asked: it would name the same one for every
/// file.
pub(crate) fn database_in(path: &Path) -> Outcome<Database> {
    let file = file::read_alone(path)?;
    database(file.data, file.database_url)
}

/// A directory for SQLite, or the URL of a PostgreSQL. Not both: which of them holds the tenants?
fn database(data: Option<PathBuf>, url: Option<Secret>) -> Outcome<Database> {
    match (data, url) {
        (Some(data), None) if data.is_dir() => Ok(Database::Directory(data)),
        (Some(data), None) => Err(Failure::new(format!("data: {} is not a directory", data.display()))),
        (None, Some(url)) => {
            let text = url.expose();
            if text.starts_with("postgres://") || text.starts_with("postgresql://") {
                return Ok(Database::Server(url));
            }
            Err(Failure::new("database_url is postgres://user:password@host/database"))
        }
        (Some(_), Some(_)) => {
            Err(Failure::new("data and database_url are both set: keep the one that holds the tenants"))
        }
        (None, None) => {
            Err(missing("data", "the directory for the database, or database_url for a PostgreSQL"))
        }
    }
}

fn missing(name: &str, what: &str) -> Failure {
    Failure::new(format!("the setting {name} is missing: {what}"))
}

fn address(name: &str, text: &str) -> Outcome<SocketAddr> {
    text.parse().map_err(|_| {
        Failure::new(format!("{name}: '{text}' is not an address and port such as 127.0.0.1:8480"))
    })
}

fn proxies(texts: &[String]) -> Outcome<Vec<IpNet>> {
    let parse = |text: &String| {
        let net: IpNet =
            text.parse().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from)).map_err(|_| {
                Failure::new(format!("trusted_proxies: '{text}' is not a network such as 10.0.0.0/8"))
            })?;
        // Whoever is believed about the host chooses the tenant.
        if net.prefix_len() < 8 {
            return Err(Failure::new(format!(
                "trusted_proxies: {net} trusts much of the world; name the networks your proxies are in"
            )));
        }
        Ok(net)
    };
    texts.iter().map(parse).collect()
}
