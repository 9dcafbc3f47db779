use axum::Json;
use intelliauth_engine::applications::{self, ApplicationChange};
use intelliauth_model::ApplicationId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::wire::{self, ApplicationBody};
use crate::{
    api::v1::envelope::DataBody,
    extract::{Authenticated, Id, Nullable, Patch},
    respond::{ErrorBody, Problem},
};

/// What to change; what is left out stays. A list replaces the whole list. A change that changes
/// nothing is not written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateApplication {
    #[serde(default)]
    #[schema(value_type = String)]
    name: Nullable<String>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    redirect_uris: Nullable<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    allowed_origins: Nullable<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    allowed_scopes: Nullable<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    audiences: Nullable<Vec<String>>,
    /// 60 to 86400.
    #[serde(default)]
    #[schema(value_type = u32)]
    access_token_lifetime_seconds: Nullable<u32>,
    /// null takes the tenant's again.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    signing_algorithm: Nullable<String>,
}

/// Change an application
///
/// Needs `applications:write`, and every integrator scope the application holds or is given.
#[utoipa::path(
    patch, path = "/api/v1/applications/{id}", tag = "Applications", operation_id = "applications_update",
    request_body = UpdateApplication, params(("id" = String, Path, example = "app_01K0000000000000000000000")),
    responses(
        (status = 200, description = "The application", body = DataBody<ApplicationBody>),
        (status = 400, description = "invalid_request", body = ErrorBody),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope or forbidden", body = ErrorBody),
        (status = 404, description = "not_found", body = ErrorBody),
        (status = 409, description = "conflict", body = ErrorBody),
    ),
    security(("management" = ["applications:write"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Id(id): Id<ApplicationId>,
    Patch(body): Patch<UpdateApplication>,
) -> Result<Json<DataBody<ApplicationBody>>, Problem> {
    let signing_algorithm = match body.signing_algorithm.into_change() {
        None => None,
        Some(None) => Some(None),
        Some(Some(name)) => Some(Some(wire::algorithm(&name)?)),
    };
    let change = ApplicationChange {
        name: body.name.into_value("name")?,
        redirect_uris: body.redirect_uris.into_value("redirect_uris")?,
        allowed_origins: body.allowed_origins.into_value("allowed_origins")?,
        allowed_scopes: body
            .allowed_scopes
            .into_value("allowed_scopes")?
            .as_deref()
            .map(wire::scopes)
            .transpose()?,
        audiences: body.audiences.into_value("audiences")?.map(wire::audiences).transpose()?,
        access_token_seconds: body
            .access_token_lifetime_seconds
            .into_value("access_token_lifetime_seconds")?,
        signing_algorithm,
    };
    Ok(DataBody::json(applications::update(&tenancy, &caller, id, change).await?))
}
