//! The HTTP surface: routes, what is read from a request, and how answers and errors look.
//!
//! **Owns** wire shapes, status codes and headers. **Never** decides anything: each handler makes one call
//! to the engine. Errors become answers in one place, [`respond`].

mod api;
mod app;
mod context;
mod extract;
mod framing;
mod health;
mod oauth;
mod openapi;
mod pages;
mod rate_limit;
mod respond;
mod tenant;
mod time;

pub use app::{App, AppParts, Limits};
pub use extract::Peer;
pub use openapi::document as openapi;

use std::sync::Arc;

use axum::{Router, middleware, routing::get};
use utoipa_axum::router::OpenApiRouter;

/// Every route, ready to serve.
pub fn router(app: &Arc<App>) -> Router {
    let (limited, _) = limited_routes().split_for_parts();
    let limited = limited.layer(middleware::from_fn_with_state(Arc::clone(app), rate_limit::enforce));
    let in_tenant = Router::new()
        .merge(limited)
        .merge(public_routes().split_for_parts().0)
        .fallback(respond::no_such_route)
        .method_not_allowed_fallback(respond::no_such_method)
        .layer(middleware::from_fn_with_state(Arc::clone(app), tenant::resolve));
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback_service(in_tenant)
        .layer(middleware::from_fn(framing::strict))
        .layer(middleware::from_fn_with_state(Arc::clone(app), context::enter))
        .with_state(Arc::clone(app))
}

/// Routes that count against the tenant's rate limit.
fn limited_routes() -> OpenApiRouter<()> {
    OpenApiRouter::new().merge(oauth::limited()).merge(api::routes())
}

/// Routes that are cheap and never rate limited. What every verifier polls: refusing it would turn one noisy
/// client into an outage of everybody's APIs. And the pages: whoever reloads them, signed in or not, would
/// use up what the token endpoint has, and a busy machine would lock people out.
fn public_routes() -> OpenApiRouter<()> {
    oauth::public().merge(pages::routes())
}
