//! The OAuth endpoints and the documents that describe them.

mod discovery;
mod introspect;
mod jwks;
mod revocations;
mod revoke;
mod token;

use axum::middleware;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::context::remember_route;

/// Endpoints that clients call with credentials.
pub(crate) fn limited() -> OpenApiRouter<()> {
    OpenApiRouter::new()
        .routes(routes!(token::handle))
        .routes(routes!(introspect::handle))
        .routes(routes!(revoke::handle))
        .route_layer(middleware::from_fn(remember_route))
}

/// Documents that everybody reads.
pub(crate) fn public() -> OpenApiRouter<()> {
    OpenApiRouter::new()
        .routes(routes!(discovery::openid_configuration))
        .routes(routes!(discovery::authorization_server))
        .routes(routes!(jwks::handle))
        .routes(routes!(revocations::handle))
        .route_layer(middleware::from_fn(remember_route))
}
