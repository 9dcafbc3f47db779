use std::path::PathBuf;

use clap::Args;
use intelliauth_http::{App, AppParts, Limits};
use intelliauth_store_sqlite::ServerLock;

use crate::{
    compose::{Composed, Database},
    config,
    dev::CREDENTIALS,
    failure::{Failure, Outcome},
    operations,
    run::{House, Serving, bind, until_stopped},
    telemetry::{self, LogFormat},
};

/// Serve tenants in production.
///
/// Settings come from the file, and each can be overridden by an environment variable: INTELLIAUTH_ and the
/// setting's name in capitals. There are no default credentials and no default data key.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The configuration file (TOML).
    #[arg(long, env = "INTELLIAUTH_CONFIG", default_value = "intelliauth.toml")]
    config: PathBuf,
    /// Only say whether the settings are there and safe.
    #[arg(long)]
    check: bool,
}

impl Serve {
    pub(crate) async fn run(self) -> Outcome {
        let settings = config::load(&self.config).await?;
        if let Database::Directory(data) = &settings.database
            && data.join(CREDENTIALS).exists()
        {
            return Err(Failure::new(format!(
                "{} was made by `intelliauth dev`, which keeps its passwords in a file; production needs a directory of its own",
                data.display()
            )));
        }
        if self.check {
            println!("{}: the settings are sound", self.config.display());
            return Ok(());
        }
        let logging = telemetry::logs(LogFormat::Json, &settings.log)?;
        let metrics = telemetry::metrics()?;
        // Several nodes may share a PostgreSQL; a file belongs to one server.
        let _lock = match &settings.database {
            Database::Directory(data) => Some(ServerLock::acquire(data)?),
            Database::Server(_) => None,
        };
        let Composed { engine, shared } = settings.database.compose(&settings.data_key).await?;
        let app = App::new(AppParts {
            engine: engine.clone(),
            limits: Limits { requests_per_minute: settings.requests_per_minute, ..Limits::default() },
            trusted_proxies: settings.trusted_proxies.clone(),
        });
        let public =
            Serving { listeners: vec![bind(settings.listen).await?], router: intelliauth_http::router(&app) };
        let mut serving = vec![public];
        if let Some(address) = settings.operations_listen {
            let router = operations::metrics_route(metrics.clone());
            serving.push(Serving { listeners: vec![bind(address).await?], router });
        }
        let listen = settings.listen;
        until_stopped(
            House { engine, shared, metrics, logging, proxies: settings.trusted_proxies },
            serving,
            || {
                tracing::info!(%listen, "serving");
                Ok(())
            },
        )
        .await
    }
}
