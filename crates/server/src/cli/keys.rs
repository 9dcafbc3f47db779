use std::time::Duration;

use clap::Subcommand;
use intelliauth_engine::{
    Error, Tenancy, keys,
    keys::{PublishedKey, Rotation},
    tenants,
};
use intelliauth_model::{KeyAlgorithm, KeyState};
use serde_json::{Value, json};

use super::{
    open::{InTenant, Opened},
    output,
};
use crate::failure::Outcome;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the published keys.
    List {
        #[command(flatten)]
        tenant: InTenant,
    },
    /// Make the next key sign and publish one after it.
    ///
    /// Refused while the next key has been published for less than 15 minutes, since verifiers may not have
    /// it yet. Tokens of the key before stay good until they expire.
    Rotate {
        #[command(flatten)]
        tenant: InTenant,
        /// RS256, ES256 or EdDSA. Default: the tenant's.
        #[arg(long)]
        algorithm: Option<KeyAlgorithm>,
        /// Rotate even if verifiers may not have the next key yet.
        #[arg(long)]
        force: bool,
    },
    /// Withdraw a key: every token it signed is refused.
    Revoke {
        #[command(flatten)]
        tenant: InTenant,
        /// The key's id.
        kid: String,
    },
}

impl Command {
    pub(super) async fn run(self) -> Outcome {
        match self {
            Self::List { tenant } => {
                let (_, tenancy) = tenant.open().await?;
                let rows: Vec<Value> = keys::published(&tenancy).iter().map(show).collect();
                output::many(&rows, tenant.installation.json)
            }
            Self::Rotate { tenant, algorithm, force } => {
                let (opened, tenancy) = tenant.open().await?;
                let algorithm = algorithm.unwrap_or(tenancy.tenant().settings.signing_algorithm);
                let done = rotate(&opened, &tenancy, algorithm, force).await?;
                let value = json!({
                    "algorithm": algorithm.as_str(), "current": done.current, "previous": done.previous, "next": done.next,
                });
                output::one(&value, tenant.installation.json)
            }
            Self::Revoke { tenant, kid } => {
                let (opened, tenancy) = tenant.open().await?;
                keys::withdraw(&tenancy, &opened.caller, &kid).await?;
                output::one(&json!({ "revoked": kid }), tenant.installation.json)
            }
        }
    }
}

/// Rotates; by force it waits the moment until every node knows the next key.
async fn rotate(
    opened: &Opened,
    tenancy: &Tenancy,
    algorithm: KeyAlgorithm,
    force: bool,
) -> Outcome<Rotation> {
    const A_MOMENT: Duration = Duration::from_millis(1_050);
    match keys::rotate(tenancy, &opened.caller, algorithm, force).await {
        Err(Error::Refused { code: "key_not_yet_published", .. }) if force => {}
        done => return Ok(done?),
    }
    tokio::time::sleep(A_MOMENT).await;
    let tenancy = tenants::open(&opened.engine, tenancy.id()).await?;
    Ok(keys::rotate(&tenancy, &opened.caller, algorithm, force).await?)
}

fn show(key: &PublishedKey) -> Value {
    let until = match key.state {
        KeyState::Previous { until, .. } => Some(until.seconds()),
        KeyState::Next { .. } | KeyState::Current { .. } => None,
    };
    json!({ "kid": key.kid, "algorithm": key.algorithm.as_str(), "state": key.state.name(), "until": until })
}
