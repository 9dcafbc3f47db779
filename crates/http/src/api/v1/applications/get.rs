use axum::Json;
use intelliauth_engine::applications;
use intelliauth_model::ApplicationId;

use super::wire::ApplicationBody;
use crate::{
    api::v1::envelope::DataBody,
    extract::{Authenticated, Id},
    respond::{ErrorBody, Problem},
};

/// Read an application
///
/// Needs `applications:read`.
#[utoipa::path(
    get, path = "/api/v1/applications/{id}", tag = "Applications", operation_id = "applications_get",
    params(("id" = String, Path, example = "app_01K0000000000000000000000")),
    responses(
        (status = 200, description = "The application", body = DataBody<ApplicationBody>),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope", body = ErrorBody),
        (status = 404, description = "not_found", body = ErrorBody),
    ),
    security(("management" = ["applications:read"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Id(id): Id<ApplicationId>,
) -> Result<Json<DataBody<ApplicationBody>>, Problem> {
    Ok(DataBody::json(applications::get(&tenancy, &caller, id).await?))
}
