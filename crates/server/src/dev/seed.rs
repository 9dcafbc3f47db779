use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use intelliauth_engine::{
    Caller, Engine, IntegratorScope, Tenancy,
    applications::{self, ApplicationChange, NewApplication},
    create_organisation,
    tenants::{self, NewAudience, NewTenant, TenantChange},
    users::{self, NewUser},
};
use intelliauth_model::{
    ApplicationId, ApplicationKind, AudienceId, Issuer, Profile, Rng as _, ScopeSet, Secret, TenantSettings,
};
use intelliauth_store::Page;

use super::credentials::{AdminLogin, Credentials, M2m, Spa, UserLogin};
use crate::{
    failure::{Failure, Outcome},
    machine::{SystemRng, request_id},
};

const USER: &str = "ada@example.com";
const ADMIN: &str = "admin@example.com";

/// Makes everything a developer needs.
pub(super) async fn first(engine: &Arc<Engine>, port: u16, audience: &AudienceId) -> Outcome<Credentials> {
    let caller = Caller::operator(request_id());
    let organisation = create_organisation(engine, &caller, slug("dev")?, "Development".to_owned()).await?;
    let new = NewTenant {
        organisation: organisation.id,
        slug: slug("main")?,
        name: "Development".to_owned(),
        issuer: issuer("localhost", port)?,
        settings: TenantSettings::default(),
    };
    let tenant = tenants::create(engine, &caller, new).await?;
    let tenancy = tenants::open(engine, tenant.id).await?;
    let id = audience.clone();
    tenants::add_audience(
        &tenancy,
        &caller,
        NewAudience { id, name: "Your API".to_owned(), scopes: ScopeSet::default() },
    )
    .await?;
    // Open again: the audience was registered since.
    let tenancy = tenants::open(engine, tenant.id).await?;
    let audiences = vec![api_audience(&tenancy)?, audience.clone()];
    let (m2m, spa) = programs(&tenancy, &caller, audiences).await?;
    let (user, admin) = people(&tenancy, &caller).await?;
    Ok(Credentials {
        tenant_url: tenant.issuer.to_string(),
        audience: audience.to_string(),
        m2m,
        spa,
        user,
        admin,
        database_url: None,
    })
}

async fn programs(tenancy: &Tenancy, caller: &Caller, audiences: Vec<AudienceId>) -> Outcome<(M2m, Spa)> {
    let machine = NewApplication {
        name: "Development machine".to_owned(),
        kind: ApplicationKind::M2m,
        redirect_uris: Vec::new(),
        allowed_origins: Vec::new(),
        allowed_scopes: IntegratorScope::all(),
        audiences: audiences.clone(),
        access_token_seconds: None,
        signing_algorithm: None,
    };
    let browser = NewApplication {
        name: "Development browser app".to_owned(),
        kind: ApplicationKind::Spa,
        redirect_uris: vec![
            "http://localhost:5173/callback".to_owned(),
            "http://localhost:3000/callback".to_owned(),
        ],
        allowed_origins: vec!["http://localhost:5173".to_owned(), "http://localhost:3000".to_owned()],
        allowed_scopes: scopes("openid profile email offline_access")?,
        audiences,
        access_token_seconds: None,
        signing_algorithm: None,
    };
    let machine = applications::create(tenancy, caller, machine, None).await?;
    let browser = applications::create(tenancy, caller, browser, None).await?;
    let secret = machine.secret.ok_or_else(|| Failure::new("the machine application got no secret"))?;
    Ok((
        M2m { client_id: machine.application.id.to_string(), client_secret: secret.expose().to_owned() },
        Spa { client_id: browser.application.id.to_string() },
    ))
}

async fn people(tenancy: &Tenancy, caller: &Caller) -> Outcome<(UserLogin, AdminLogin)> {
    let (user_password, admin_password) = (password(), password());
    let email = |text: &str| text.parse().map_err(|_| Failure::new("the address of the seed"));
    let new = NewUser {
        email: email(USER)?,
        email_verified: true,
        profile: Profile { name: Some("Ada Lovelace".to_owned()), ..Profile::default() },
        password: Some(Secret::new(user_password.clone())),
        password_must_be_reset: false,
    };
    let user = users::create(tenancy, caller, new, None).await?;
    tenants::add_admin(tenancy, caller, email(ADMIN)?, Secret::new(admin_password.clone())).await?;
    Ok((
        UserLogin { id: user.id.to_string(), email: USER.to_owned(), password: user_password },
        AdminLogin { email: ADMIN.to_owned(), password: admin_password },
    ))
}

/// Follows what this start asks for: another port moves every tenant's URL, another audience is registered.
pub(super) async fn adapt(
    engine: &Arc<Engine>,
    credentials: Credentials,
    port: u16,
    audience: &AudienceId,
) -> Outcome<Credentials> {
    let caller = Caller::operator(request_id());
    let tenant_url = issuer("localhost", port)?;
    if credentials.tenant_url != tenant_url.as_str() {
        move_tenants(engine, &caller, port).await?;
    }
    if credentials.audience != audience.as_str() {
        let tenancy = tenants::resolve(engine, tenant_url.authority()).await?;
        let clients = [&credentials.m2m.client_id, &credentials.spa.client_id];
        register(engine, &caller, &tenancy, audience, clients).await?;
    }
    Ok(Credentials { tenant_url: tenant_url.to_string(), audience: audience.to_string(), ..credentials })
}

async fn move_tenants(engine: &Arc<Engine>, caller: &Caller, port: u16) -> Outcome {
    const AT_ONCE: u32 = 200;
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let batch = engine.store().tenants(Page { before, limit: AT_ONCE }).await?;
        before = batch.last().filter(|_| batch.len() == AT_ONCE as usize).map(|last| last.id.to_bytes());
        all.extend(batch);
        if before.is_none() {
            break;
        }
    }
    // A tenant with a URL of its own keeps it.
    for tenant in all.into_iter().filter(|tenant| tenant.issuer.as_str().starts_with("http://")) {
        let tenancy = tenants::open(engine, tenant.id).await?;
        let host = tenant.issuer.authority().split(':').next().unwrap_or_default().to_owned();
        let change = TenantChange { issuer: Some(issuer(&host, port)?), ..TenantChange::default() };
        tenants::update(&tenancy, caller, change).await?;
    }
    Ok(())
}

async fn register(
    engine: &Arc<Engine>,
    caller: &Caller,
    tenancy: &Tenancy,
    audience: &AudienceId,
    clients: [&String; 2],
) -> Outcome {
    if !tenancy.knows_audience(audience) {
        let new =
            NewAudience { id: audience.clone(), name: "Your API".to_owned(), scopes: ScopeSet::default() };
        tenants::add_audience(tenancy, caller, new).await?;
    }
    let tenancy = tenants::open(engine, tenancy.id()).await?;
    for client in clients {
        let id: ApplicationId =
            client.parse().map_err(|_| Failure::new("dev.json: a client_id is damaged"))?;
        let mut audiences = applications::get(&tenancy, caller, id).await?.audiences;
        if !audiences.contains(audience) {
            audiences.push(audience.clone());
            let change = ApplicationChange { audiences: Some(audiences), ..ApplicationChange::default() };
            applications::update(&tenancy, caller, id, change).await?;
        }
    }
    Ok(())
}

fn api_audience(tenancy: &Tenancy) -> Outcome<AudienceId> {
    tenancy.api_audience().parse().map_err(|_| Failure::new("the audience of the tenant's API"))
}

fn issuer(host: &str, port: u16) -> Outcome<Issuer> {
    format!("http://{host}:{port}")
        .parse()
        .map_err(|_| Failure::new(format!("http://{host}:{port} is no tenant URL")))
}

fn slug(text: &str) -> Outcome<intelliauth_model::Slug> {
    text.parse().map_err(|_| Failure::new("a slug of the seed"))
}

fn scopes(text: &str) -> Outcome<ScopeSet> {
    text.parse().map_err(|_| Failure::new("the scopes of the seed"))
}

/// 120 random bits in 20 characters.
fn password() -> String {
    let mut bytes = [0_u8; 15];
    SystemRng::new().fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
