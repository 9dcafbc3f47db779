use axum::{Json, http::StatusCode};
use intelliauth_engine::{
    Error,
    users::{self, NewUser},
};
use intelliauth_model::{Profile, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use super::wire::UserBody;
use crate::{
    api::v1::envelope::DataBody,
    extract::{Authenticated, Posted},
    respond::{ErrorBody, Problem},
};

/// A user to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateUser {
    #[schema(example = "ada@example.com")]
    email: String,
    /// Whether you vouch for the address. Default false.
    #[serde(default)]
    email_verified: bool,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    picture: Option<String>,
    locale: Option<String>,
    /// 8 characters to 512 bytes. Left out: the user has no password.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<Secret>,
    /// Whether the first sign-in must choose a new password. Default false.
    #[serde(default)]
    password_must_be_reset: bool,
}

/// Create a user
///
/// Needs `users:write`. With an `Idempotency-Key` the request can be sent again for a day: it makes one
/// user.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "Users", operation_id = "users_create", request_body = CreateUser,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable ASCII characters")),
    responses(
        (status = 201, description = "The user", body = DataBody<UserBody>),
        (status = 400, description = "invalid_request", body = ErrorBody),
        (status = 401, description = "missing_token, invalid_token, token_expired, token_revoked", body = ErrorBody),
        (status = 403, description = "insufficient_scope", body = ErrorBody),
        (status = 409, description = "email_taken or idempotency_key_in_use", body = ErrorBody),
        (status = 422, description = "idempotency_key_reused", body = ErrorBody),
    ),
    security(("management" = ["users:write"])),
)]
pub(crate) async fn handle(
    Authenticated { tenancy, caller }: Authenticated,
    Posted { body, idempotent }: Posted<CreateUser>,
) -> Result<(StatusCode, Json<DataBody<UserBody>>), Problem> {
    let new = NewUser {
        email: body.email.parse().map_err(|_| Error::invalid("email", "not an e-mail address"))?,
        email_verified: body.email_verified,
        profile: Profile {
            name: body.name,
            given_name: body.given_name,
            family_name: body.family_name,
            picture: body.picture,
            locale: body.locale,
        },
        password: body.password,
        password_must_be_reset: body.password_must_be_reset,
    };
    let user = users::create(&tenancy, &caller, new, idempotent.as_ref()).await?;
    Ok((StatusCode::CREATED, DataBody::json(user)))
}
