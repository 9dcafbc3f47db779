use axum::http::StatusCode;
use intelliauth_engine::users;
use intelliauth_model::UserId;

use crate::{
    extract::{Authenticated, Id},
    respond::{ErrorBody, Problem},
};

/// Delete a user
///
/// Their sessions end and their tokens die. Needs `users:write`.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}", tag = "Users", operation_id = "users_delete",
    params(("id" = String, Path, example = "usr_01K0000000000000000000000")),
    responses(
        (status = 204, description = "Gone"),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope", body = ErrorBody),
        (status = 404, description = "not_found", body = ErrorBody),
    ),
    security(("management" = ["users:write"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Id(id): Id<UserId>,
) -> Result<StatusCode, Problem> {
    users::delete(&tenancy, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
