use axum::Json;
use intelliauth_engine::users;
use intelliauth_model::UserId;

use super::wire::UserBody;
use crate::{
    api::v1::envelope::DataBody,
    extract::{Authenticated, Id},
    respond::{ErrorBody, Problem},
};

/// Read a user
///
/// Needs `users:read`.
#[utoipa::path(
    get, path = "/api/v1/users/{id}", tag = "Users", operation_id = "users_get",
    params(("id" = String, Path, example = "usr_01K0000000000000000000000")),
    responses(
        (status = 200, description = "The user", body = DataBody<UserBody>),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope", body = ErrorBody),
        (status = 404, description = "not_found", body = ErrorBody),
    ),
    security(("management" = ["users:read"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Id(id): Id<UserId>,
) -> Result<Json<DataBody<UserBody>>, Problem> {
    Ok(DataBody::json(users::get(&tenancy, &caller, id).await?))
}
