use axum::Json;
use intelliauth_engine::applications;

use super::wire::ApplicationBody;
use crate::{
    api::v1::envelope::ListBody,
    extract::{Authenticated, ListQuery},
    respond::{ErrorBody, Problem},
};

/// List applications
///
/// Newest first. Needs `applications:read`.
#[utoipa::path(
    get, path = "/api/v1/applications", tag = "Applications", operation_id = "applications_list", params(ListQuery),
    responses(
        (status = 200, description = "A page of applications", body = ListBody<ApplicationBody>),
        (status = 400, description = "invalid_request", body = ErrorBody),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope", body = ErrorBody),
    ),
    security(("management" = ["applications:read"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    query: ListQuery,
) -> Result<Json<ListBody<ApplicationBody>>, Problem> {
    let page = applications::list(&tenancy, &caller, &query.listing()).await?;
    Ok(ListBody::json(page, ApplicationBody::from))
}
