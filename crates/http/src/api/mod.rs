//! The integrator REST API. One file per operation; the shapes of a resource in its `wire.rs`.

pub(crate) mod v1;

use axum::middleware;
use utoipa_axum::router::OpenApiRouter;

use crate::context::remember_route;

pub(crate) fn routes() -> OpenApiRouter<()> {
    v1::routes().route_layer(middleware::from_fn(remember_route))
}
