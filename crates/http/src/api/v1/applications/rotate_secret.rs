use axum::Json;
use intelliauth_engine::applications;
use intelliauth_model::ApplicationId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::v1::envelope::DataBody,
    extract::{Authenticated, Bare, Id},
    respond::{ErrorBody, Problem},
    time::iso,
};

/// A new secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct RotatedBody {
    #[schema(example = "app_01K0000000000000000000000")]
    client_id: String,
    /// Shown this once; not there when the request is a repetition.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    /// When the secret before it stops working; ISO 8601, UTC.
    previous_expires_at: Option<String>,
}

/// Rotate an application's secret
///
/// The secret before works on for the tenant's overlap (72 h by default). Needs `applications:write`, and
/// every integrator scope the application holds.
#[utoipa::path(
    post, path = "/api/v1/applications/{id}/rotate-secret", tag = "Applications",
    operation_id = "applications_rotate_secret",
    params(
        ("id" = String, Path, example = "app_01K0000000000000000000000"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable ASCII characters"),
    ),
    responses(
        (status = 200, description = "The new secret", body = DataBody<RotatedBody>),
        (status = 400, description = "invalid_request: a public application has no secret", body = ErrorBody),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope or forbidden", body = ErrorBody),
        (status = 404, description = "not_found", body = ErrorBody),
        (status = 409, description = "conflict or rotation_in_progress: the secret before still works", body = ErrorBody),
        (status = 422, description = "idempotency_key_reused", body = ErrorBody),
    ),
    security(("management" = ["applications:write"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Id(id): Id<ApplicationId>,
    Bare(idempotent): Bare,
) -> Result<Json<DataBody<RotatedBody>>, Problem> {
    let rotated = applications::rotate_secret(&tenancy, &caller, id, false, idempotent.as_ref()).await?;
    Ok(DataBody::json(RotatedBody {
        client_id: id.to_string(),
        client_secret: rotated.secret.map(|secret| secret.expose().to_owned()),
        previous_expires_at: rotated.previous_expires_at.map(iso),
    }))
}
