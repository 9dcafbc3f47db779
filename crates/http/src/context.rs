use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use intelliauth_model::RequestId;
use tracing::Instrument;

use crate::{
    App,
    respond::{Problem, Shape, render},
};

/// The request's name in answers and logs.
#[derive(Clone, Copy)]
pub(crate) struct RequestName(pub(crate) RequestId);

/// Whether the request's body is being waited for.
#[derive(Clone, Default)]
pub(crate) struct Reading(pub(crate) Arc<AtomicBool>);

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer: names the request, bounds its time, renders its problem if it has one, counts and
/// logs it. Paths are logged as routes, never as sent: a path or query may carry what must not be logged.
pub(crate) async fn enter(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new(app.engine.clock(), app.engine.rng());
    request.extensions_mut().insert(RequestName(id));
    request.extensions_mut().insert(Arc::clone(&app));
    let reading = Reading::default();
    request.extensions_mut().insert(reading.clone());
    let method = request.method().clone();
    let shape = Shape::at(request.uri().path());
    let span = tracing::info_span!("request", request_id = %id);
    let started = tokio::time::Instant::now();
    let served =
        tokio::time::timeout(app.limits.request_time, next.run(request).instrument(span.clone())).await;
    let response = served.unwrap_or_else(|_| {
        // Whose fault it is: a body that does not come is the caller's, everything else is ours.
        let waiting = reading.0.load(Ordering::Relaxed);
        let problem = if waiting { Problem::timeout() } else { Problem::overloaded() };
        problem.into_response()
    });
    let route = response.extensions().get::<Route>().map_or_else(|| "-".to_owned(), |route| route.0.clone());
    let mut response = render(response, id, shape);
    dress(&mut response, id);
    let status = response.status();
    let elapsed = started.elapsed();
    let labels = [
        ("method", known(&method).to_owned()),
        ("route", route.clone()),
        ("status", status.as_u16().to_string()),
    ];
    metrics::counter!("intelliauth_http_requests_total", &labels).increment(1);
    metrics::histogram!("intelliauth_http_request_seconds", &labels).record(elapsed.as_secs_f64());
    span.in_scope(|| log(&method, &route, status, elapsed));
    response
}

/// The method as a label. Any token is a method on the wire, and each new label is memory for good.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

fn log(method: &Method, route: &str, status: StatusCode, elapsed: std::time::Duration) {
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    if status.is_server_error() {
        tracing::warn!(%method, route, status = status.as_u16(), micros, "request");
    } else {
        tracing::info!(%method, route, status = status.as_u16(), micros, "request");
    }
}

/// Which route answered; handlers' layer puts it on the response for the log and the metrics.
#[derive(Clone)]
pub(crate) struct Route(pub(crate) String);

/// Carries the matched route from the request to the response.
pub(crate) async fn remember_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| Route(path.as_str().to_owned()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

fn dress(response: &mut Response, id: RequestId) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(X_REQUEST_ID, value);
    }
    // What says nothing of caching is not to be cached: tokens and personal data are the rule here.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bug_every_invented_method_became_a_metric() {
        assert_eq!(known(&Method::PATCH), "PATCH");
        for invented in ["X1", "get", "PROPFIND"] {
            assert_eq!(known(&Method::from_bytes(invented.as_bytes()).unwrap()), "other");
        }
    }
}
