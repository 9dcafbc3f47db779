use axum::Json;
use intelliauth_engine::applications;
use intelliauth_model::ApplicationId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    extract::{Authenticated, Id},
    respond::{ErrorBody, Problem},
    time::iso,
};

/// A new secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct RotatedBody {
    #[schema(example = "app_01K0000000000000000000000")]
    client_id: String,
    /// Shown this once.
    client_secret: String,
    /// When the secret before it stops working; ISO 8601, UTC.
    previous_secret_expires_at: Option<String>,
}

/// Rotate an application's secret
///
/// The secret before works on for the tenant's overlap (72 h by default). Needs `applications:write`, and
/// every integrator scope the application holds.
#[utoipa::path(
    post, path = "/api/v1/applications/{id}/rotate-secret", tag = "Applications",
    operation_id = "applications_rotate_secret", params(("id" = String, Path, example = "app_01K0000000000000000000000")),
    responses(
        (status = 200, description = "The new secret", body = RotatedBody),
        (status = 400, description = "invalid_request: a public application has no secret", body = ErrorBody),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope or forbidden", body = ErrorBody),
        (status = 404, description = "not_found", body = ErrorBody),
        (status = 409, description = "conflict: another rotation took place at the same time", body = ErrorBody),
    ),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Id(id): Id<ApplicationId>,
) -> Result<Json<RotatedBody>, Problem> {
    let rotated = applications::rotate_secret(&tenancy, &caller, id, false).await?;
    Ok(Json(RotatedBody {
        client_id: id.to_string(),
        client_secret: rotated.secret.expose().to_owned(),
        previous_secret_expires_at: rotated.previous_expires_at.map(iso),
    }))
}
