use std::{path::PathBuf, sync::Arc};

use clap::Args;
use intelliauth_engine::{Caller, Engine, Tenancy, tenants};
use intelliauth_model::{Tenant, TenantId};
use intelliauth_store::Page;

use crate::{
    compose::Database,
    config::{self, PublicUrl},
    dev::{CREDENTIALS, Credentials, read_data_key},
    failure::{Failure, Outcome},
    machine::request_id,
};

/// Which installation: a development directory, or a production configuration.
#[derive(Debug, Args)]
pub(crate) struct Installation {
    /// Data directory of `intelliauth dev`.
    ///
    /// Given here it wins over `INTELLIAUTH_CONFIG`; left out it is `INTELLIAUTH_DATA` or `.intelliauth`.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Configuration of `intelliauth serve`.
    #[arg(long, env = "INTELLIAUTH_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which tenant of an installation.
#[derive(Debug, Args)]
pub(crate) struct InTenant {
    #[command(flatten)]
    pub(crate) installation: Installation,
    /// Id or URL of the tenant; may be left out if there is only one.
    #[arg(long, env = "INTELLIAUTH_TENANT", value_name = "ID|URL")]
    tenant: Option<String>,
}

/// An installation, opened.
pub(crate) struct Opened {
    pub(crate) engine: Arc<Engine>,
    pub(crate) caller: Caller,
    /// Where tenants of production are reached.
    pub(crate) public_url: Option<PublicUrl>,
    /// What `dev` made, if this is a development directory.
    pub(crate) development: Option<Credentials>,
}

impl Installation {
    /// Opens the database beside a server that may be running.
    pub(crate) async fn open(&self) -> Outcome<Opened> {
        let caller = Caller::operator(request_id());
        if let (Some(path), None) = (&self.config, &self.data) {
            let settings = config::load(path).await?;
            let engine = settings.database.compose(&settings.data_key).await?.engine;
            return Ok(Opened { engine, caller, public_url: Some(settings.public_url), development: None });
        }
        let data = self.data.clone().or_else(|| std::env::var_os("INTELLIAUTH_DATA").map(PathBuf::from));
        let data = data.unwrap_or_else(|| PathBuf::from(".intelliauth"));
        let marker = data.join(CREDENTIALS);
        if !marker.is_file() {
            return Err(Failure::new(format!(
                "{} is not a data directory of `intelliauth dev`; name one with --data, or a production configuration with --config",
                data.display()
            )));
        }
        let credentials = Credentials::read(&marker)?;
        let database = Database::of(&data, credentials.database_url.as_deref());
        let engine = database.compose(&read_data_key(&data)?).await?.engine;
        Ok(Opened { engine, caller, public_url: None, development: Some(credentials) })
    }
}

impl InTenant {
    /// Opens the installation and its tenant.
    pub(crate) async fn open(&self) -> Outcome<(Opened, Tenancy)> {
        let opened = self.installation.open().await?;
        let id = opened.find(self.tenant.as_deref()).await?.id;
        let tenancy = tenants::open(&opened.engine, id).await?;
        Ok((opened, tenancy))
    }

    /// As [`InTenant::open`], for what is done to the whole tenant: with several, one has to be named.
    pub(crate) async fn open_named(&self) -> Outcome<(Opened, Tenancy)> {
        let (opened, tenancy) = self.open().await?;
        let several = opened.engine.store().tenants(Page { before: None, limit: 2 }).await?.len() > 1;
        if several && self.tenant.is_none() {
            return Err(Failure::new("there are several tenants; name the one you mean with --tenant"));
        }
        Ok((opened, tenancy))
    }
}

impl Opened {
    /// The tenant of this id or URL; without a name the tenant that `dev` made, or the only one.
    pub(crate) async fn find(&self, name: Option<&str>) -> Outcome<Tenant> {
        let store = self.engine.store();
        let name = name.or(self.development.as_ref().map(|known| known.tenant_url.as_str()));
        let Some(name) = name else {
            return match store.tenants(Page { before: None, limit: 2 }).await?.as_slice() {
                [only] => Ok(only.clone()),
                [] => Err(Failure::new("there is no tenant yet; make one with `intelliauth tenant create`")),
                _ => Err(Failure::new("there are several tenants; name one with --tenant")),
            };
        };
        let found = if let Ok(id) = name.parse::<TenantId>() {
            store.tenant(id).await?
        } else {
            let authority = name.split_once("://").map_or(name, |(_, authority)| authority);
            store.tenant_by_authority(authority.trim_end_matches('/')).await?
        };
        found.ok_or_else(|| Failure::new(format!("there is no tenant {name}")))
    }
}
