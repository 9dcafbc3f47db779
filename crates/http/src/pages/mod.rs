//! Pages for people. The hosted sign-in and the console will live here.

mod start;

use axum::{Router, middleware, routing::get};
use utoipa_axum::router::OpenApiRouter;

use crate::context::remember_route;

pub(crate) fn routes() -> OpenApiRouter<()> {
    let pages = Router::new()
        .route("/", get(start::handle))
        .route("/admin", get(start::handle))
        .route_layer(middleware::from_fn(remember_route));
    OpenApiRouter::from(pages)
}
