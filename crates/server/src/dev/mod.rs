//! `intelliauth dev`: a whole tenant on this machine with one command.

mod address;
mod credentials;
mod directory;
mod print;
mod seed;

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use intelliauth_http::{App, AppParts, Limits};
use intelliauth_model::AudienceId;
use intelliauth_store_sqlite::ServerLock;

pub(crate) use credentials::Credentials;
pub(crate) use directory::{CREDENTIALS, read_data_key};

use crate::{
    compose::{Composed, Database},
    failure::{Failure, Outcome},
    operations,
    run::{House, Serving, until_stopped},
    telemetry::{self, LogFormat},
};

/// Start a tenant for development.
///
/// The first start makes an organisation, a tenant, an API audience, a machine and a browser application, a
/// user and an administrator, all with generated credentials; later starts keep and print the same. The
/// credentials are kept in the data directory, readable by you only. Listens on loopback addresses only.
#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// Loopback address and port.
    #[arg(long, env = "INTELLIAUTH_LISTEN", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// Where the data is kept.
    #[arg(long, env = "INTELLIAUTH_DATA", value_name = "DIR", default_value = ".intelliauth")]
    data: PathBuf,
    /// Keep the data in this PostgreSQL instead of a file; the credentials stay in the data directory.
    #[arg(long, env = "INTELLIAUTH_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
    /// The API that tokens are for.
    #[arg(long, default_value = "api.banking.cymmetri.com")]
    audience: String,
    /// Write the settings of an API that uses this tenant there.
    #[arg(long, value_name = "PATH")]
    env_file: Option<PathBuf>,
    /// Print one line of JSON on standard output when ready, and nothing else.
    #[arg(long)]
    json: bool,
    /// What to log, such as `info`.
    #[arg(long, env = "INTELLIAUTH_LOG", default_value = "warn")]
    log: String,
}

/// So many that development never meets the limit by accident.
const GENEROUS: u32 = 1_000_000;

impl Dev {
    pub(crate) async fn run(self) -> Outcome {
        let audience: AudienceId =
            self.audience.parse().map_err(|error| Failure::new(format!("--audience: {error}")))?;
        if !self.listen.ip().is_loopback() {
            return Err(Failure::new(
                "dev prints its credentials and speaks plain HTTP, so it listens on loopback only; see `intelliauth serve`",
            ));
        }
        let logging = telemetry::logs(LogFormat::Text, &self.log)?;
        let metrics = telemetry::metrics()?;
        directory::make(&self.data)?;
        let _lock = ServerLock::acquire(&self.data)?;
        let listeners = address::bind_all(self.listen).await?;
        let port = address::port(&listeners)?;
        let url = self.database_url.as_deref();
        let credentials = directory::prepare(&self.data, url, port, &audience).await?;
        let database = Database::of(&self.data, credentials.database_url.as_deref());
        let Composed { engine, shared } = database.compose(&read_data_key(&self.data)?).await?;
        let credentials = seed::adapt(&engine, credentials, port, &audience).await?;
        credentials.write(&self.data.join(CREDENTIALS))?;
        if let Some(path) = &self.env_file {
            print::env_file(path, &credentials)?;
        }
        let limits = Limits { requests_per_minute: GENEROUS, ..Limits::default() };
        let app = App::new(AppParts { engine: engine.clone(), limits, trusted_proxies: Vec::new() });
        let router = operations::metrics_route(metrics.clone()).merge(intelliauth_http::router(&app));
        let (json, data) = (self.json, self.data);
        until_stopped(
            House { engine, shared, metrics, logging, proxies: Vec::new() },
            vec![Serving { listeners, router }],
            || print::ready(&credentials, &data, json),
        )
        .await
    }
}
