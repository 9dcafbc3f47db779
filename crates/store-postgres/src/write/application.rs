use intelliauth_model::{
    Application, ApplicationId, ApplicationState, KeyAlgorithm, TenantId, Timestamp, Version,
};
use intelliauth_store::{Entity, StoreResult};

use super::{Step, json};
use crate::param::params;

pub(super) fn insert(tenant: TenantId, application: &Application) -> StoreResult<Step> {
    const SQL: &str = "INSERT INTO applications (tenant_id, id, name, kind, disabled_at, redirect_uris,
             allowed_origins, allowed_scopes, audiences, access_token_seconds, signing_algorithm, version,
             created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let values = params![
        tenant.to_bytes(),
        application.id.to_bytes(),
        application.name.as_str(),
        application.kind.as_str(),
        disabled_at(application.state),
        json(&application.redirect_uris)?,
        json(&application.allowed_origins)?,
        json(&application.allowed_scopes)?,
        json(&application.audiences)?,
        application.access_token_seconds,
        algorithm(application),
        application.version.0,
        application.created_at,
        application.updated_at,
    ];
    Ok(Step::any(SQL, values))
}

/// Kind and moment of birth never change and are left alone.
pub(super) fn update(tenant: TenantId, application: &Application, expected: Version) -> StoreResult<Step> {
    const SQL: &str = "UPDATE applications SET name = $4, disabled_at = $5, redirect_uris = $6,
             allowed_origins = $7, allowed_scopes = $8, audiences = $9, access_token_seconds = $10,
             signing_algorithm = $11, version = version + 1, updated_at = $12
         WHERE tenant_id = $1 AND id = $2 AND version = $3";
    let values = params![
        tenant.to_bytes(),
        application.id.to_bytes(),
        expected.0,
        application.name.as_str(),
        disabled_at(application.state),
        json(&application.redirect_uris)?,
        json(&application.allowed_origins)?,
        json(&application.allowed_scopes)?,
        json(&application.audiences)?,
        application.access_token_seconds,
        algorithm(application),
        application.updated_at,
    ];
    Ok(Step::one(Entity::Application, SQL, values))
}

/// The row is locked first: a secret that is being added in the same moment is then either seen and removed, or
/// finds no application.
pub(super) fn delete(tenant: TenantId, id: ApplicationId, expected: Version) -> [Step; 3] {
    const LOCK: &str =
        "SELECT 1 FROM applications WHERE tenant_id = $1 AND id = $2 AND version = $3 FOR UPDATE";
    const SECRETS: &str = "DELETE FROM client_secrets WHERE tenant_id = $1 AND application_id = $2";
    const SQL: &str = "DELETE FROM applications WHERE tenant_id = $1 AND id = $2";
    let (tenant, id) = (tenant.to_bytes(), id.to_bytes());
    [
        Step::one(Entity::Application, LOCK, params![tenant, id, expected.0]),
        Step::any(SECRETS, params![tenant, id]),
        Step::one(Entity::Application, SQL, params![tenant, id]),
    ]
}

fn algorithm(application: &Application) -> Option<String> {
    application.signing_algorithm.map(KeyAlgorithm::as_str).map(str::to_owned)
}

fn disabled_at(state: ApplicationState) -> Option<Timestamp> {
    match state {
        ApplicationState::Enabled => None,
        ApplicationState::Disabled { since } => Some(since),
    }
}
