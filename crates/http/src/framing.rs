//! What is refused before anything is looked at: requests that two parsers could read differently. A proxy
//! in front of us and we ourselves must never disagree on where a request ends or whom it is for.

use axum::{
    extract::Request,
    http::{HeaderMap, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::respond::Problem;

pub(crate) async fn strict(request: Request, next: Next) -> Response {
    match check(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.unsound().into_response(),
    }
}

fn check(uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    // A body is announced by Content-Length alone. The HTTP library drops Content-Length when
    // Transfer-Encoding is there too, so a smuggler's pair could not be told from an honest chunked body;
    // no client of ours needs chunks.
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(Problem::length_required());
    }
    if headers.get_all(header::CONTENT_LENGTH).iter().count() > 1 {
        return Err(Problem::bad_request("more than one Content-Length"));
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Problem::bad_request("exactly one Host header is needed"));
    };
    // RFC 9112 §3.2.2: the authority of an absolute-form target wins over Host. Ours must be the same.
    if let Some(authority) = uri.authority()
        && !authority.as_str().as_bytes().eq_ignore_ascii_case(host.as_bytes())
    {
        return Err(Problem::bad_request("the request target names another host than the Host header"));
    }
    Ok(())
}
