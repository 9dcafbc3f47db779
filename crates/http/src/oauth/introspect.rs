use axum::Json;
use intelliauth_engine::oauth::{self, Introspection};
use intelliauth_model::Secret;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    extract::OAuthForm,
    respond::{OAuthErrorBody, Problem},
};

/// What is sent, for the document; the form is read by `OAuthForm`.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the form")]
pub(crate) struct TokenAboutForm {
    /// The access token.
    token: String,
    /// `access_token`; a hint only.
    token_type_hint: Option<String>,
    /// The client, unless it is in the `Authorization: Basic` header.
    client_id: Option<String>,
    /// Its secret, unless it is in the header.
    client_secret: Option<String>,
}

/// Ask about a token (RFC 7662)
///
/// Tells a confidential client whether a token issued to it, or meant for one of its audiences, is good.
/// About every other token it says `{"active": false}`.
#[utoipa::path(
    post, path = "/oauth2/introspect", tag = "OAuth 2.0", operation_id = "introspect", security(("client" = [])),
    request_body(content = TokenAboutForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "`active`, and if it is true the token's claims", body = Value),
        (status = 401, description = "invalid_client", body = OAuthErrorBody),
    ),
)]
pub(crate) async fn handle(form: OAuthForm) -> Result<Json<Value>, Problem> {
    let token = Secret::new(form.required("token", "token is missing")?.to_owned());
    Ok(Json(match oauth::introspect(&form.tenancy, &form.credentials, &token).await? {
        Introspection::Inactive => json!({ "active": false }),
        Introspection::Active(mut claims) => {
            claims.insert("active".to_owned(), json!(true));
            claims.insert("token_type".to_owned(), json!("Bearer"));
            Value::Object(claims)
        }
    }))
}
