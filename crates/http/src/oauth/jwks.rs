use axum::{
    Extension,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use intelliauth_engine::{Tenancy, oauth};

use super::revocations::not_modified;

/// Publish the signing keys (RFC 7517)
///
/// The keys that sign, those published to sign next, and those whose tokens still live.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "Discovery", operation_id = "jwks",
    responses((status = 200, description = "The JWKS", body = serde_json::Value), (status = 304, description = "As you have it")),
    security(()),
)]
pub(crate) async fn handle(Extension(tenancy): Extension<Tenancy>, headers: HeaderMap) -> Response {
    let keys = oauth::jwks(&tenancy);
    let caching = [
        (header::CACHE_CONTROL, format!("public, max-age={}", keys.max_age)),
        (header::ETAG, format!("\"{}\"", keys.etag)),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
    ];
    if not_modified(&headers, &keys.etag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(header::CONTENT_TYPE, "application/jwk-set+json")], keys.json.to_string()).into_response()
}
