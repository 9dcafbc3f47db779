use clap::{Args, Subcommand};
use intelliauth_engine::{
    create_organisation,
    tenants::{self, NewAudience, NewTenant, TenantChange},
};
use intelliauth_model::{
    AudienceId, Issuer, KeyAlgorithm, Scope, ScopeMode, Slug, Tenant, TenantSettings, TenantState,
};
use intelliauth_store::Page;
use serde_json::{Value, json};

use super::{
    open::{InTenant, Installation, Opened},
    output,
    user::read_password,
};
use crate::failure::{Failure, Outcome};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a tenant, and its organisation if there is none of that name.
    Create {
        #[command(flatten)]
        installation: Installation,
        #[command(flatten)]
        new: NewTenantArguments,
    },
    /// List tenants, newest first.
    List {
        #[command(flatten)]
        installation: Installation,
    },
    /// Show a tenant.
    Show {
        #[command(flatten)]
        tenant: InTenant,
    },
    /// Register an API that tokens can be for.
    AddAudience {
        #[command(flatten)]
        tenant: InTenant,
        /// What `aud` carries.
        audience: AudienceId,
        /// What people call it. Default: the audience.
        #[arg(long)]
        name: Option<String>,
        /// A scope it knows; may be repeated. None means any scope of the application.
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<Scope>,
    },
    /// Make a console administrator; the password is read from standard input.
    AddAdmin {
        #[command(flatten)]
        tenant: InTenant,
        /// Address to sign in with.
        #[arg(long)]
        email: String,
    },
    /// Change what a tenant is called and how it behaves; what is left out stays.
    Update {
        #[command(flatten)]
        tenant: InTenant,
        #[command(flatten)]
        change: Change,
    },
    /// Disable a tenant: it is as if it did not exist.
    Disable {
        #[command(flatten)]
        tenant: InTenant,
    },
    /// Enable a tenant again.
    Enable {
        #[command(flatten)]
        tenant: InTenant,
    },
    /// Revoke every access token the tenant has issued.
    Revoke {
        #[command(flatten)]
        tenant: InTenant,
    },
}

/// What to change of a tenant.
#[derive(Debug, Args)]
pub(crate) struct Change {
    /// What people call it.
    #[arg(long)]
    name: Option<String>,
    /// Its URL; tokens of the old one stop being accepted.
    #[arg(long)]
    url: Option<Issuer>,
    /// The algorithm its tokens are signed with: RS256, ES256 or EdDSA.
    #[arg(long)]
    algorithm: Option<KeyAlgorithm>,
    /// Days between scheduled key rotations; 0 turns the schedule off.
    #[arg(long, value_name = "DAYS")]
    key_rotation_days: Option<u32>,
    /// Hours an old client secret works on after a rotation, 12 to 168.
    #[arg(long, value_name = "HOURS")]
    secret_overlap_hours: Option<u32>,
    /// Requests per minute over all endpoints.
    #[arg(long, value_name = "COUNT")]
    requests_per_minute: Option<u32>,
    /// Leave scopes a client may not have out of its tokens instead of refusing the request.
    #[arg(long, value_name = "BOOL")]
    permissive_scopes: Option<bool>,
}

/// A tenant to make.
#[derive(Debug, Args)]
pub(crate) struct NewTenantArguments {
    /// Organisation: the second half of the host name.
    #[arg(long, value_name = "SLUG")]
    org: Slug,
    /// Tenant: the first half of the host name.
    #[arg(long, value_name = "SLUG")]
    slug: Slug,
    /// What people call it. Default: the slug.
    #[arg(long)]
    name: Option<String>,
    /// Its URL, if it is not `<tenant>-<org>` under the public URL.
    #[arg(long)]
    url: Option<String>,
    /// RS256, ES256 or EdDSA.
    #[arg(long, default_value = "RS256")]
    algorithm: KeyAlgorithm,
}

impl Command {
    pub(super) async fn run(self) -> Outcome {
        match self {
            Self::Create { installation, new } => create(&installation, new).await,
            Self::List { installation } => {
                let opened = installation.open().await?;
                let tenants = opened.engine.store().tenants(Page { before: None, limit: 10_000 }).await?;
                let rows: Vec<Value> = tenants.iter().map(show).collect();
                output::many(&rows, installation.json)
            }
            Self::Show { tenant } => {
                let (_, tenancy) = tenant.open().await?;
                output::one(&show(tenancy.tenant()), tenant.installation.json)
            }
            Self::AddAudience { tenant, audience, name, scopes } => {
                let (opened, tenancy) = tenant.open().await?;
                let name = name.unwrap_or_else(|| audience.as_str().chars().take(100).collect());
                let new = NewAudience { id: audience, name, scopes: scopes.into_iter().collect() };
                let made = tenants::add_audience(&tenancy, &opened.caller, new).await?;
                output::one(
                    &json!({ "audience": made.id.as_str(), "name": made.name }),
                    tenant.installation.json,
                )
            }
            Self::AddAdmin { tenant, email } => {
                let (opened, tenancy) = tenant.open().await?;
                let email = email.parse().map_err(|_| Failure::new("--email is not an e-mail address"))?;
                let admin = tenants::add_admin(&tenancy, &opened.caller, email, read_password()?).await?;
                output::one(
                    &json!({ "id": admin.id, "email": admin.email.as_str() }),
                    tenant.installation.json,
                )
            }
            Self::Update { tenant, change } => update(&tenant, change).await,
            Self::Disable { tenant } => set_enabled(&tenant, false).await,
            Self::Enable { tenant } => set_enabled(&tenant, true).await,
            Self::Revoke { tenant } => {
                let (opened, tenancy) = tenant.open_named().await?;
                tenants::revoke_tokens(&tenancy, &opened.caller).await?;
                output::one(&json!({ "revoked": tenancy.id() }), tenant.installation.json)
            }
        }
    }
}

async fn create(installation: &Installation, new: NewTenantArguments) -> Outcome {
    let opened = installation.open().await?;
    let issuer = issuer(&opened, &new)?;
    let store = opened.engine.store();
    let organisation = if let Some(organisation) = store.organisation_by_slug(&new.org).await? {
        organisation
    } else {
        let name = new.org.as_str().to_owned();
        create_organisation(&opened.engine, &opened.caller, new.org.clone(), name).await?
    };
    let name = new.name.unwrap_or_else(|| new.slug.as_str().to_owned());
    let settings = TenantSettings { signing_algorithm: new.algorithm, ..TenantSettings::default() };
    let new = NewTenant { organisation: organisation.id, slug: new.slug, name, issuer, settings };
    let tenant = tenants::create(&opened.engine, &opened.caller, new).await?;
    output::one(&show(&tenant), installation.json)
}

/// In development `http://<tenant>-<org>.localhost:<port>`, in production under the public URL.
fn issuer(opened: &Opened, new: &NewTenantArguments) -> Outcome<Issuer> {
    let parse = |url: String| url.parse().map_err(|error| Failure::new(format!("{url}: {error}")));
    match (&new.url, &opened.public_url, &opened.development) {
        (Some(url), _, _) => parse(url.clone()),
        (None, Some(public), _) => public.tenant(&new.org, &new.slug),
        (None, None, Some(development)) => {
            let host = development.tenant_url.split_once("://").map_or("", |(_, host)| host);
            parse(format!("http://{}-{}.{host}", new.slug.as_str(), new.org.as_str()))
        }
        (None, None, None) => Err(Failure::new("name the tenant's URL with --url")),
    }
}

async fn update(tenant: &InTenant, change: Change) -> Outcome {
    let (opened, tenancy) = tenant.open_named().await?;
    let before = &tenancy.tenant().settings;
    let scope_mode = change
        .permissive_scopes
        .map(|permissive| if permissive { ScopeMode::Permissive } else { ScopeMode::Strict });
    let settings = TenantSettings {
        signing_algorithm: change.algorithm.unwrap_or(before.signing_algorithm),
        key_rotation_days: change.key_rotation_days.unwrap_or(before.key_rotation_days),
        secret_overlap_hours: change.secret_overlap_hours.unwrap_or(before.secret_overlap_hours),
        scope_mode: scope_mode.unwrap_or(before.scope_mode),
        requests_per_minute: change.requests_per_minute.or(before.requests_per_minute),
    };
    let change =
        TenantChange { name: change.name, issuer: change.url, enabled: None, settings: Some(settings) };
    let changed = tenants::update(&tenancy, &opened.caller, change).await?;
    output::one(&show(&changed), tenant.installation.json)
}

async fn set_enabled(tenant: &InTenant, enabled: bool) -> Outcome {
    let (opened, tenancy) = tenant.open_named().await?;
    let change = TenantChange { enabled: Some(enabled), ..TenantChange::default() };
    let changed = tenants::update(&tenancy, &opened.caller, change).await?;
    output::one(&show(&changed), tenant.installation.json)
}

fn show(tenant: &Tenant) -> Value {
    json!({
        "id": tenant.id,
        "url": tenant.issuer.as_str(),
        "name": tenant.name,
        "status": if tenant.state == TenantState::Active { "active" } else { "disabled" },
        "signing_algorithm": tenant.settings.signing_algorithm.as_str(),
    })
}
