use axum::http::StatusCode;
use intelliauth_engine::applications;
use intelliauth_model::ApplicationId;

use crate::{
    extract::{Authenticated, Id},
    respond::{ErrorBody, Problem},
};

/// Delete an application
///
/// Its secrets stop working and its tokens die. Needs `applications:write`, and every integrator scope the application holds.
#[utoipa::path(
    delete, path = "/api/v1/applications/{id}", tag = "Applications", operation_id = "applications_delete",
    params(("id" = String, Path, example = "app_01K0000000000000000000000")),
    responses(
        (status = 204, description = "Gone"),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope or forbidden", body = ErrorBody),
        (status = 404, description = "not_found", body = ErrorBody),
    ),
    security(("management" = ["applications:write"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Id(id): Id<ApplicationId>,
) -> Result<StatusCode, Problem> {
    applications::delete(&tenancy, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
