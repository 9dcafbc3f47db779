use axum::{Router, http::header, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;

/// `/metrics` in Prometheus' text format. In production it is on a listener of its own, since it should not
/// be public.
pub(crate) fn metrics_route(handle: PrometheusHandle) -> Router {
    let render = move || {
        let handle = handle.clone();
        async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()) }
    };
    Router::new().route("/metrics", get(render))
}
