use axum::http::StatusCode;
use intelliauth_engine::oauth;
use intelliauth_model::Secret;

use super::introspect::TokenAboutForm;
use crate::{
    extract::OAuthForm,
    respond::{OAuthErrorBody, Problem},
};

/// Revoke a token (RFC 7009)
///
/// A client revokes its own access token. 200 also for a token that is no longer good; another client's
/// token is `unauthorized_client`.
#[utoipa::path(
    post, path = "/oauth2/revoke", tag = "OAuth 2.0", operation_id = "revoke", security(("client" = [])),
    request_body(content = TokenAboutForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It is revoked"),
        (status = 400, description = "invalid_request or unauthorized_client", body = OAuthErrorBody),
        (status = 401, description = "invalid_client", body = OAuthErrorBody),
    ),
)]
pub(crate) async fn handle(form: OAuthForm) -> Result<StatusCode, Problem> {
    let token = Secret::new(form.required("token", "token is missing")?.to_owned());
    oauth::revoke(&form.tenancy, &form.credentials, &token, form.request_id).await?;
    Ok(StatusCode::OK)
}
