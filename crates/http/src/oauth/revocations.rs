use axum::{
    Extension,
    extract::RawQuery,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use intelliauth_engine::{Tenancy, revocation};
use url::form_urlencoded;

use crate::respond::{OAuthErrorBody, Problem};

/// Follow the revocations
///
/// The tenant's revocation log as a signed JWS (`typ: revocations+jwt`): a snapshot, or with `since` what
/// came after that number. A `since` that cannot be served is answered with a snapshot. Ids are hashed.
#[utoipa::path(
    get, path = "/oauth2/revocations", tag = "OAuth 2.0", operation_id = "revocations",
    params(("since" = Option<i64>, Query, description = "The `seq` of the last answer")),
    responses(
        (status = 200, description = "The signed feed", body = String, content_type = "application/revocations+jwt"),
        (status = 304, description = "As you have it"),
        (status = 400, description = "since is not a number, or there is something else", body = OAuthErrorBody),
    ),
    security(()),
)]
pub(crate) async fn handle(
    Extension(tenancy): Extension<Tenancy>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let since = since(query.as_deref().unwrap_or_default())?;
    let feed = revocation::feed(&tenancy, since).await?;
    let caching = [
        (header::CACHE_CONTROL, "public, max-age=1".to_owned()),
        (header::ETAG, format!("\"{}\"", feed.etag)),
    ];
    if not_modified(&headers, &feed.etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let content = [(header::CONTENT_TYPE, "application/revocations+jwt")];
    Ok((caching, content, feed.token.clone()).into_response())
}

fn since(query: &str) -> Result<Option<i64>, Problem> {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let Some((name, value)) = parameters.next() else { return Ok(None) };
    match (value.parse::<i64>(), parameters.next()) {
        (Ok(since), None) if name == "since" && since >= 0 => Ok(Some(since)),
        _ => Err(Problem::bad_request("there is only since, one whole number, the seq of the last answer")),
    }
}

/// Whether the client has this version (RFC 9110 §13.1.2).
pub(super) fn not_modified(headers: &HeaderMap, etag: &str) -> bool {
    let sent = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let quoted = format!("\"{etag}\"");
    let matches = |tag: &str| tag == "*" || tag.trim_start_matches("W/") == quoted;
    sent.flat_map(|text| text.split(',')).any(|tag| matches(tag.trim()))
}
