use intelliauth_model::{
    Application, ApplicationId, ApplicationKind, ApplicationState, AudienceId, ClientSecret,
    DEFAULT_ACCESS_TOKEN_SECONDS, EventKind, KeyAlgorithm, ScopeSet, Secret, SecretId, Version,
};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use super::policy;
use crate::{
    Caller, Error, Idempotent, IntegratorScope, Tenancy,
    audit::{Happening, target},
    idempotency,
};

/// What a new application is made of.
#[derive(Clone, Debug)]
pub struct NewApplication {
    /// What people call it.
    pub name: String,
    /// What it is; never changes.
    pub kind: ApplicationKind,
    /// Where an authorization response may go.
    pub redirect_uris: Vec<String>,
    /// Browser origins that may call the tenant.
    pub allowed_origins: Vec<String>,
    /// Scopes its tokens may carry.
    pub allowed_scopes: ScopeSet,
    /// Audiences it may ask tokens for.
    pub audiences: Vec<AudienceId>,
    /// Life of its access tokens in seconds; `None` takes 3600.
    pub access_token_seconds: Option<u32>,
    /// Its own signing algorithm; `None` takes the tenant's.
    pub signing_algorithm: Option<KeyAlgorithm>,
}

/// A new application and, once only, its secret.
#[derive(Clone, Debug)]
pub struct Created {
    /// The application.
    pub application: Application,
    /// The secret of a confidential one; `None` for public ones, and when the request was a repetition.
    pub secret: Option<Secret>,
}

/// Registers an application.
pub async fn create(
    tenancy: &Tenancy,
    caller: &Caller,
    new: NewApplication,
    idempotent: Option<&Idempotent>,
) -> Result<Created, Error> {
    caller.require(IntegratorScope::ApplicationsWrite)?;
    if let Some(id) = idempotency::replayed(tenancy, caller, idempotent).await? {
        return made_before(tenancy, &id).await;
    }
    let engine = tenancy.engine();
    let now = engine.now();
    let application = Application {
        id: ApplicationId::new(engine.clock(), engine.rng()),
        name: new.name,
        kind: new.kind,
        state: ApplicationState::Enabled,
        redirect_uris: new.redirect_uris,
        allowed_origins: new.allowed_origins,
        allowed_scopes: new.allowed_scopes,
        audiences: new.audiences,
        access_token_seconds: new.access_token_seconds.unwrap_or(DEFAULT_ACCESS_TOKEN_SECONDS),
        signing_algorithm: new.signing_algorithm,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    };
    policy::check(tenancy, caller, &application)?;
    let mut tx = TenantTx::new().with(TenantWrite::InsertApplication(Box::new(application.clone())));
    let secret = application.kind.is_confidential().then(|| {
        let (secret, row) = draw(tenancy, application.id);
        tx.push(TenantWrite::InsertClientSecret(Box::new(row)));
        secret
    });
    if let Some(write) = idempotency::remember(tenancy, caller, idempotent, application.id) {
        tx.push(write);
    }
    tx.push(engine.event_write(Happening {
        kind: EventKind::ApplicationCreated,
        actor: caller.actor(),
        target: target("application", application.id),
        request_id: caller.request_id(),
        data: json!({ "type": application.kind.as_str(), "allowed_scopes": application.allowed_scopes.to_string() }),
    }));
    match tenancy.commit(tx).await {
        Ok(_) => Ok(Created { application, secret }),
        Err(error) => {
            made_before(tenancy, &idempotency::overtaken(tenancy, caller, idempotent, error).await?).await
        }
    }
}

async fn made_before(tenancy: &Tenancy, id: &str) -> Result<Created, Error> {
    let id = id.parse().map_err(|_| Error::Internal("remembered id".to_owned()))?;
    let application = tenancy.store().application(id).await?.ok_or(Error::NotFound("application"))?;
    Ok(Created { application, secret: None })
}

/// Draws a client secret: 256 random bits, of which only the keyed hash is stored.
pub(super) fn draw(tenancy: &Tenancy, application: ApplicationId) -> (Secret, ClientSecret) {
    let engine = tenancy.engine();
    let secret = engine.draw_secret("ias_");
    let row = ClientSecret {
        id: SecretId::new(engine.clock(), engine.rng()),
        application,
        hash: engine.vault().secret_hash(secret.expose()),
        created_at: engine.now(),
        expires_at: None,
    };
    (secret, row)
}
