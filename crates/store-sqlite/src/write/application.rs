use intelliauth_model::{Application, ApplicationId, ApplicationState, KeyAlgorithm, TenantId, Version};
use intelliauth_store::{Entity, StoreResult};
use rusqlite::{Connection, params};

use super::{change, change_one, json};

pub(super) fn insert(
    connection: &Connection,
    tenant: TenantId,
    application: &Application,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO applications (tenant_id, id, name, kind, disabled_at, redirect_uris,
             allowed_origins, allowed_scopes, audiences, access_token_seconds, signing_algorithm, version,
             created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    let values = params![
        tenant.to_bytes(),
        application.id.to_bytes(),
        application.name,
        application.kind.as_str(),
        disabled_at(application.state),
        json(&application.redirect_uris)?,
        json(&application.allowed_origins)?,
        json(&application.allowed_scopes)?,
        json(&application.audiences)?,
        application.access_token_seconds,
        application.signing_algorithm.map(KeyAlgorithm::as_str),
        application.version.0,
        application.created_at.0,
        application.updated_at.0,
    ];
    change(connection, SQL, values).map(drop)
}

/// Kind and moment of birth never change and are left alone.
pub(super) fn update(
    connection: &Connection,
    tenant: TenantId,
    application: &Application,
    expected: Version,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE applications SET name = ?4, disabled_at = ?5, redirect_uris = ?6,
             allowed_origins = ?7, allowed_scopes = ?8, audiences = ?9, access_token_seconds = ?10,
             signing_algorithm = ?11, version = version + 1, updated_at = ?12
         WHERE tenant_id = ?1 AND id = ?2 AND version = ?3";
    let values = params![
        tenant.to_bytes(),
        application.id.to_bytes(),
        expected.0,
        application.name,
        disabled_at(application.state),
        json(&application.redirect_uris)?,
        json(&application.allowed_origins)?,
        json(&application.allowed_scopes)?,
        json(&application.audiences)?,
        application.access_token_seconds,
        application.signing_algorithm.map(KeyAlgorithm::as_str),
        application.updated_at.0,
    ];
    change_one(connection, SQL, values, Entity::Application)
}

pub(super) fn delete(
    connection: &Connection,
    tenant: TenantId,
    id: ApplicationId,
    expected: Version,
) -> StoreResult<()> {
    const SECRETS: &str = "DELETE FROM client_secrets WHERE tenant_id = ?1 AND application_id = ?2";
    const SQL: &str = "DELETE FROM applications WHERE tenant_id = ?1 AND id = ?2 AND version = ?3";
    change(connection, SECRETS, params![tenant.to_bytes(), id.to_bytes()])?;
    change_one(connection, SQL, params![tenant.to_bytes(), id.to_bytes(), expected.0], Entity::Application)
}

fn disabled_at(state: ApplicationState) -> Option<i64> {
    match state {
        ApplicationState::Enabled => None,
        ApplicationState::Disabled { since } => Some(since.0),
    }
}
