use axum::{
    Extension, Json,
    http::{HeaderName, header},
};
use intelliauth_engine::{Tenancy, keys::JWKS_MAX_AGE_SECONDS, oauth::GRANTS};
use serde::Serialize;
use utoipa::ToSchema;

/// RFC 8414 §2 and OpenID Connect Discovery §3. Only what is there is advertised.
#[derive(Serialize, ToSchema)]
pub(crate) struct Metadata {
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    /// The signed revocation feed; see the API reference.
    revocations_endpoint: String,
    grant_types_supported: &'static [&'static str],
    response_types_supported: [&'static str; 0],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 3],
    access_token_signing_alg_values_supported: [&'static str; 3],
    token_endpoint_auth_methods_supported: [&'static str; 2],
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint_auth_methods_supported: [&'static str; 3],
}

type Document = ([(HeaderName, String); 2], Json<Metadata>);

/// Describe the tenant (OpenID Connect Discovery)
#[utoipa::path(
    get, path = "/.well-known/openid-configuration", tag = "Discovery", operation_id = "openid_configuration",
    responses((status = 200, description = "The tenant's metadata", body = Metadata)), security(()),
)]
pub(crate) async fn openid_configuration(Extension(tenancy): Extension<Tenancy>) -> Document {
    document(&tenancy)
}

/// Describe the tenant (RFC 8414)
#[utoipa::path(
    get, path = "/.well-known/oauth-authorization-server", tag = "Discovery", operation_id = "authorization_server",
    responses((status = 200, description = "The tenant's metadata", body = Metadata)), security(()),
)]
pub(crate) async fn authorization_server(Extension(tenancy): Extension<Tenancy>) -> Document {
    document(&tenancy)
}

/// URLs come from the configured issuer, never from the request (the class of attack H).
fn document(tenancy: &Tenancy) -> Document {
    const ALGORITHMS: [&str; 3] = ["RS256", "ES256", "EdDSA"];
    const SECRET: [&str; 2] = ["client_secret_basic", "client_secret_post"];
    let issuer = tenancy.issuer();
    let at = |path: &str| format!("{issuer}{path}");
    let metadata = Metadata {
        issuer: issuer.to_owned(),
        token_endpoint: at("/oauth2/token"),
        jwks_uri: at("/.well-known/jwks.json"),
        introspection_endpoint: at("/oauth2/introspect"),
        revocation_endpoint: at("/oauth2/revoke"),
        revocations_endpoint: at("/oauth2/revocations"),
        grant_types_supported: GRANTS,
        response_types_supported: [],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ALGORITHMS,
        access_token_signing_alg_values_supported: ALGORITHMS,
        token_endpoint_auth_methods_supported: SECRET,
        introspection_endpoint_auth_methods_supported: SECRET,
        revocation_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    };
    let cache = format!("public, max-age={JWKS_MAX_AGE_SECONDS}");
    ([(header::CACHE_CONTROL, cache), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned())], Json(metadata))
}
