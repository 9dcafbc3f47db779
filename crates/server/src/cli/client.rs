use clap::{Args, Subcommand};
use intelliauth_engine::{
    Listing, Tenancy,
    applications::{self, NewApplication},
};
use intelliauth_model::{
    Application, ApplicationId, ApplicationKind, ApplicationState, AudienceId, KeyAlgorithm, Scope,
};
use serde_json::{Value, json};

use super::{
    open::{InTenant, Opened},
    output,
};
use crate::failure::{Failure, Outcome};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Register an application; prints its secret once.
    Create {
        #[command(flatten)]
        tenant: InTenant,
        #[command(flatten)]
        new: NewClient,
    },
    /// List applications, newest first.
    List {
        #[command(flatten)]
        tenant: InTenant,
        /// How many, 1 to 200.
        #[arg(long)]
        limit: Option<u32>,
        /// Where to go on: `next_cursor` of the list before.
        #[arg(long)]
        cursor: Option<String>,
    },
    /// Show an application.
    Show(One),
    /// Give an application a new secret; the one before works on for the tenant's overlap.
    Rotate {
        #[command(flatten)]
        one: One,
        /// The secret before stops working at once.
        #[arg(long)]
        revoke_previous: bool,
    },
    /// Revoke every access token an application has.
    Revoke(One),
    /// Disable an application; its tokens are revoked.
    Disable(One),
    /// Enable an application again.
    Enable(One),
    /// Delete an application with its secrets and tokens.
    Delete(One),
}

/// An application to register.
#[derive(Debug, Args)]
pub(crate) struct NewClient {
    /// What people call it.
    #[arg(long)]
    name: String,
    /// spa, native, web or m2m.
    #[arg(long = "type", value_name = "TYPE")]
    kind: ApplicationKind,
    /// A scope its tokens may carry; may be repeated.
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<Scope>,
    /// An API it may ask tokens for; may be repeated. `api` is the tenant's own.
    #[arg(long = "audience", value_name = "AUD")]
    audiences: Vec<String>,
    /// Where an authorization response may go; may be repeated.
    #[arg(long = "redirect-uri", value_name = "URL")]
    redirect_uris: Vec<String>,
    /// A browser origin that may call the tenant; may be repeated.
    #[arg(long = "origin", value_name = "ORIGIN")]
    origins: Vec<String>,
    /// Life of its access tokens, 60 to 86400. Default 3600.
    #[arg(long, value_name = "SECONDS")]
    token_seconds: Option<u32>,
    /// RS256, ES256 or EdDSA. Default: the tenant's.
    #[arg(long)]
    algorithm: Option<KeyAlgorithm>,
}

/// An application that is there.
#[derive(Debug, Args)]
pub(crate) struct One {
    #[command(flatten)]
    tenant: InTenant,
    /// Its client id.
    client_id: ApplicationId,
}

impl Command {
    pub(super) async fn run(self) -> Outcome {
        match self {
            Self::Create { tenant, new } => create(tenant, new).await,
            Self::List { tenant, limit, cursor } => {
                let (opened, tenancy) = tenant.open().await?;
                let page = applications::list(&tenancy, &opened.caller, &Listing { cursor, limit }).await?;
                output::page(&page, show, tenant.installation.json)
            }
            Self::Show(one) => one.act(async |_, _, application| Ok(show(&application))).await,
            Self::Rotate { one, revoke_previous } => {
                one.act(async |opened, tenancy, application| {
                    let id = application.id;
                    let rotated =
                        applications::rotate_secret(tenancy, &opened.caller, id, revoke_previous, None)
                            .await?;
                    let secret = rotated.secret.as_ref().map(intelliauth_model::Secret::expose);
                    let until = rotated.previous_expires_at.map(intelliauth_model::Timestamp::seconds);
                    Ok(json!({
                        "client_id": id, "client_secret": secret, "previous_expires_at": until,
                    }))
                })
                .await
            }
            Self::Revoke(one) => {
                one.act(async |opened, tenancy, application| {
                    applications::revoke_tokens(tenancy, &opened.caller, application.id).await?;
                    Ok(json!({ "revoked": application.id }))
                })
                .await
            }
            Self::Disable(one) => one.set_enabled(false).await,
            Self::Enable(one) => one.set_enabled(true).await,
            Self::Delete(one) => {
                one.act(async |opened, tenancy, application| {
                    applications::delete(tenancy, &opened.caller, application.id).await?;
                    Ok(json!({ "deleted": application.id }))
                })
                .await
            }
        }
    }
}

async fn create(tenant: InTenant, new: NewClient) -> Outcome {
    let (opened, tenancy) = tenant.open().await?;
    let audience = |text: &String| -> Outcome<AudienceId> {
        let text = if text == "api" { tenancy.api_audience() } else { text.clone() };
        text.parse().map_err(|error| Failure::new(format!("--audience: {error}")))
    };
    let new = NewApplication {
        name: new.name,
        kind: new.kind,
        redirect_uris: new.redirect_uris,
        allowed_origins: new.origins,
        allowed_scopes: new.scopes.into_iter().collect(),
        audiences: new.audiences.iter().map(audience).collect::<Outcome<_>>()?,
        access_token_seconds: new.token_seconds,
        signing_algorithm: new.algorithm,
    };
    let created = applications::create(&tenancy, &opened.caller, new, None).await?;
    let mut value = show(&created.application);
    if let (Some(secret), Value::Object(fields)) = (created.secret, &mut value) {
        fields.insert("client_secret".to_owned(), json!(secret.expose()));
    }
    output::one(&value, tenant.installation.json)
}

impl One {
    async fn act(self, act: impl AsyncFnOnce(&Opened, &Tenancy, Application) -> Outcome<Value>) -> Outcome {
        let (opened, tenancy) = self.tenant.open().await?;
        let application = applications::get(&tenancy, &opened.caller, self.client_id).await?;
        let value = act(&opened, &tenancy, application).await?;
        output::one(&value, self.tenant.installation.json)
    }

    async fn set_enabled(self, enabled: bool) -> Outcome {
        self.act(async |opened, tenancy, application| {
            Ok(show(&applications::set_enabled(tenancy, &opened.caller, application.id, enabled).await?))
        })
        .await
    }
}

fn show(application: &Application) -> Value {
    json!({
        "client_id": application.id,
        "name": application.name,
        "type": application.kind.as_str(),
        "status": if application.state == ApplicationState::Enabled { "enabled" } else { "disabled" },
        "scopes": application.allowed_scopes.to_string(),
        "audiences": application.audiences.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
