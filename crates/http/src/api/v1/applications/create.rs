use axum::{Json, http::StatusCode};
use intelliauth_engine::{
    Error,
    applications::{self, NewApplication},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire::{self, ApplicationBody};
use crate::{
    api::v1::envelope::DataBody,
    extract::{Authenticated, Posted},
    respond::{ErrorBody, Problem},
};

/// An application to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApplication {
    name: String,
    /// `spa`, `native`, `web` or `m2m`; never changes.
    #[serde(rename = "type")]
    #[schema(example = "m2m")]
    kind: String,
    /// Compared character by character; https, or http to loopback.
    #[serde(default)]
    redirect_uris: Vec<String>,
    /// Browser origins that may call the tenant.
    #[serde(default)]
    allowed_origins: Vec<String>,
    /// Scopes its tokens may carry.
    #[serde(default)]
    allowed_scopes: Vec<String>,
    /// APIs it may ask tokens for.
    #[serde(default)]
    audiences: Vec<String>,
    /// 60 to 86400. Default 3600.
    access_token_lifetime_seconds: Option<u32>,
    /// `RS256`, `ES256` or `EdDSA`. Default: the tenant's.
    signing_algorithm: Option<String>,
}

/// A new application with its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedApplication {
    #[serde(flatten)]
    application: ApplicationBody,
    /// Confidential applications only, and only in the first answer: it cannot be read again.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

/// Register an application
///
/// Needs `applications:write`. Integrator scopes can only be granted by a caller that holds them.
#[utoipa::path(
    post, path = "/api/v1/applications", tag = "Applications", operation_id = "applications_create",
    request_body = CreateApplication,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable ASCII characters")),
    responses(
        (status = 201, description = "The application", body = DataBody<CreatedApplication>),
        (status = 400, description = "invalid_request", body = ErrorBody),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope or forbidden", body = ErrorBody),
        (status = 409, description = "idempotency_key_in_use", body = ErrorBody),
        (status = 422, description = "idempotency_key_reused", body = ErrorBody),
    ),
    security(("management" = ["applications:write"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Posted { body, idempotent }: Posted<CreateApplication>,
) -> Result<(StatusCode, Json<DataBody<CreatedApplication>>), Problem> {
    let new = NewApplication {
        name: body.name,
        kind: body.kind.parse().map_err(|why| Error::invalid("type", why))?,
        redirect_uris: body.redirect_uris,
        allowed_origins: body.allowed_origins,
        allowed_scopes: wire::scopes(&body.allowed_scopes)?,
        audiences: wire::audiences(body.audiences)?,
        access_token_seconds: body.access_token_lifetime_seconds,
        signing_algorithm: body.signing_algorithm.as_deref().map(wire::algorithm).transpose()?,
    };
    let created = applications::create(&tenancy, &caller, new, idempotent.as_ref()).await?;
    let client_secret = created.secret.map(|secret| secret.expose().to_owned());
    let created = CreatedApplication { application: created.application.into(), client_secret };
    Ok((StatusCode::CREATED, DataBody::json(created)))
}
