use axum::{
    Json,
    http::{HeaderName, header},
};
use intelliauth_engine::oauth::{self, TokenRequest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    extract::OAuthForm,
    respond::{OAuthErrorBody, Problem},
};

/// What is sent, for the document; the form is read by `OAuthForm`.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the form")]
pub(crate) struct TokenForm {
    /// `client_credentials`.
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// The client, unless it is in the `Authorization: Basic` header.
    client_id: Option<String>,
    /// Its secret, unless it is in the header.
    client_secret: Option<String>,
    /// The API the token is for. May be left out if the client has only one.
    #[schema(example = "api.banking.example")]
    audience: Option<String>,
    /// The same as `audience` (RFC 8707).
    resource: Option<String>,
    /// Space-separated scopes. Left out: all the client may have at this audience.
    scope: Option<String>,
}

/// RFC 6749 §5.1.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenResponse {
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 3600)]
    expires_in: u32,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
}

/// RFC 6749 §5.1 asks for `Pragma` too; `Cache-Control: no-store` is on every answer.
type Uncached = ([(HeaderName, &'static str); 1], Json<TokenResponse>);

/// Issue a token (RFC 6749 §3.2)
///
/// Client credentials go into `Authorization: Basic` or into the body, not both.
#[utoipa::path(
    post, path = "/oauth2/token", tag = "OAuth 2.0", operation_id = "token", security(("client" = [])),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token", body = TokenResponse),
        (status = 400, description = "invalid_request, unauthorized_client, unsupported_grant_type, invalid_scope or invalid_target", body = OAuthErrorBody),
        (status = 401, description = "invalid_client", body = OAuthErrorBody),
    ),
)]
pub(crate) async fn handle(form: Result<OAuthForm, Problem>) -> Result<Uncached, Problem> {
    let form = form.inspect_err(unread)?;
    let grant_type = form.required("grant_type", "grant_type is missing").map_err(Problem::from);
    let grant_type = grant_type.inspect_err(unread)?.to_owned();
    let mut audiences = form.all("audience");
    audiences.extend(form.all("resource"));
    let scope = form.one("scope").map(str::to_owned);
    let grant =
        if oauth::GRANTS.contains(&grant_type.as_str()) { grant_type.clone() } else { "unknown".to_owned() };
    let issued = oauth::token(
        &form.tenancy,
        TokenRequest { credentials: form.credentials, grant_type, audiences, scope },
    )
    .await;
    let outcome = issued.as_ref().map_or_else(oauth::OAuthError::code, |_| "issued");
    count(grant, outcome);
    let tokens = issued?;
    let response = TokenResponse {
        access_token: tokens.access_token.expose().to_owned(),
        token_type: "Bearer",
        expires_in: tokens.expires_in,
        scope: tokens.scope,
    };
    Ok(([(header::PRAGMA, "no-cache")], Json(response)))
}

/// Counts and logs a request that the engine never saw as it does those it refuses (ADR 6): somebody who tries
/// credentials must not go unseen by sending them broken.
fn unread(problem: &Problem) {
    count("unknown".to_owned(), problem.code());
    tracing::info!(code = problem.code(), "token refused");
}

fn count(grant: String, outcome: &'static str) {
    metrics::counter!("intelliauth_token_requests_total", "grant" => grant, "outcome" => outcome)
        .increment(1);
}
