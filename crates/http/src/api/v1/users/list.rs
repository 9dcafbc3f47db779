use axum::Json;
use intelliauth_engine::users;

use super::wire::UserBody;
use crate::{
    api::v1::envelope::ListBody,
    extract::{Authenticated, UserListQuery},
    respond::{ErrorBody, Problem},
};

/// List users
///
/// Newest first. Needs `users:read`.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "Users", operation_id = "users_list", params(UserListQuery),
    responses(
        (status = 200, description = "A page of users", body = ListBody<UserBody>),
        (status = 400, description = "invalid_request", body = ErrorBody),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope", body = ErrorBody),
    ),
    security(("management" = ["users:read"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    query: UserListQuery,
) -> Result<Json<ListBody<UserBody>>, Problem> {
    let listing = query.listing();
    let page = users::list(&tenancy, &caller, query.email, &listing).await?;
    Ok(ListBody::json(page, UserBody::from))
}
