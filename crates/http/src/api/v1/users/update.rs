use axum::Json;
use intelliauth_engine::{
    Error,
    users::{self, ProfileChange, UserChange},
};
use intelliauth_model::{Secret, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::wire::UserBody;
use crate::{
    api::v1::envelope::DataBody,
    extract::{Authenticated, Id, Nullable, Patch},
    respond::{ErrorBody, Problem},
};

/// What to change; what is left out stays. A change that changes nothing is not written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateUser {
    /// A new address is unverified unless `email_verified` is sent with it.
    #[serde(default)]
    #[schema(value_type = String)]
    email: Nullable<String>,
    #[serde(default)]
    #[schema(value_type = bool)]
    email_verified: Nullable<bool>,
    /// null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    name: Nullable<String>,
    /// null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    given_name: Nullable<String>,
    /// null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    family_name: Nullable<String>,
    /// null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    picture: Nullable<String>,
    /// null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    locale: Nullable<String>,
    /// A new password; every token the user has dies.
    #[serde(default)]
    #[schema(value_type = String, format = Password)]
    password: Nullable<Secret>,
    #[serde(default)]
    #[schema(value_type = bool)]
    password_must_be_reset: Nullable<bool>,
}

/// Change a user
///
/// Needs `users:write`.
#[utoipa::path(
    patch, path = "/api/v1/users/{id}", tag = "Users", operation_id = "users_update", request_body = UpdateUser,
    params(("id" = String, Path, example = "usr_01K0000000000000000000000")),
    responses(
        (status = 200, description = "The user", body = DataBody<UserBody>),
        (status = 400, description = "invalid_request", body = ErrorBody),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope", body = ErrorBody),
        (status = 404, description = "not_found", body = ErrorBody),
        (status = 409, description = "email_taken or conflict", body = ErrorBody),
    ),
    security(("management" = ["users:write"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Id(id): Id<UserId>,
    Patch(body): Patch<UpdateUser>,
) -> Result<Json<DataBody<UserBody>>, Problem> {
    let email = body.email.into_value("email")?.map(|email| email.parse()).transpose();
    let change = UserChange {
        email: email.map_err(|_| Error::invalid("email", "not an e-mail address"))?,
        email_verified: body.email_verified.into_value("email_verified")?,
        profile: ProfileChange {
            name: body.name.into_change(),
            given_name: body.given_name.into_change(),
            family_name: body.family_name.into_change(),
            picture: body.picture.into_change(),
            locale: body.locale.into_change(),
        },
        password: body.password.into_value("password")?,
        password_must_be_reset: body.password_must_be_reset.into_value("password_must_be_reset")?,
    };
    Ok(DataBody::json(users::update(&tenancy, &caller, id, change).await?))
}
