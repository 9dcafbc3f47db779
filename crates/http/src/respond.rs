//! Errors become answers here and nowhere else.

use axum::{
    Json,
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use intelliauth_engine::{Error, oauth::OAuthError};
use intelliauth_model::RequestId;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// What every error answer of the REST API looks like.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// Stable code such as `not_found`; act on this.
    #[schema(example = "invalid_request")]
    error: &'static str,
    /// For people; may change.
    message: String,
    /// Facts about the error, such as the fields that are wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Value>,
    /// Name of the request in our logs.
    #[schema(example = "req_01K0000000000000000000000")]
    request_id: String,
}

/// What every error answer under `/oauth2` looks like (RFC 6749 §5.2).
#[derive(Serialize, ToSchema)]
pub(crate) struct OAuthErrorBody {
    /// A code of the standard, or one of ours; act on this.
    #[schema(example = "invalid_client")]
    error: &'static str,
    /// For people; may change.
    error_description: String,
    /// Name of the request in our logs.
    #[schema(example = "req_01K0000000000000000000000")]
    request_id: String,
}

/// What an error looks like. The address decides and not who refuses: a client of the token endpoint has one
/// parser for whatever comes back from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Api,
    OAuth,
}

impl Shape {
    pub(crate) fn at(path: &str) -> Self {
        if path == "/oauth2" || path.starts_with("/oauth2/") { Self::OAuth } else { Self::Api }
    }
}

/// An error on its way to becoming an answer.
#[derive(Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    details: Option<Value>,
    challenge: Option<String>,
    retry_after: Option<u64>,
    close: bool,
    /// Set where the address says nothing because the request is not to be believed.
    shape: Option<Shape>,
}

/// How long a client should wait after an outage, in seconds.
const RETRY_SECONDS: u64 = 2;

impl Problem {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: None,
            challenge: None,
            retry_after: None,
            close: false,
            shape: None,
        }
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", message)
    }

    pub(crate) fn unsupported_media_type(message: &'static str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("a request body has at most {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message).closing()
    }

    pub(crate) fn length_required() -> Self {
        let message = "Transfer-Encoding is not supported; send Content-Length";
        Self::new(StatusCode::LENGTH_REQUIRED, "length_required", message)
    }

    pub(crate) fn timeout() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "the request took too long").closing()
    }

    /// We did not get it done in time.
    pub(crate) fn overloaded() -> Self {
        let problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "temporarily unavailable");
        Self { retry_after: Some(RETRY_SECONDS), ..problem }.closing()
    }

    pub(crate) fn rate_limited(wait: std::time::Duration) -> Self {
        let problem =
            Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", "too many requests for this tenant");
        Self { retry_after: Some(wait.as_secs() + 1), ..problem }
    }

    /// No credentials: the challenge has no error code (RFC 6750 §3.1).
    pub(crate) fn missing_token() -> Self {
        let problem = Self::new(StatusCode::UNAUTHORIZED, "missing_token", "an access token is needed");
        Self { challenge: Some("Bearer".to_owned()), ..problem }
    }

    /// The request itself is unsound: who it is for and what follows it are anybody's guess.
    pub(crate) fn unsound(self) -> Self {
        Self { shape: Some(Shape::Api), ..self }.closing()
    }

    /// Closes the connection after the answer: what follows on it cannot be trusted.
    pub(crate) fn closing(self) -> Self {
        Self { close: true, ..self }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let code = error.code();
        let status = match &error {
            Error::NotFound(_) => StatusCode::NOT_FOUND,
            Error::Invalid(_) => StatusCode::BAD_REQUEST,
            Error::Conflict { .. } | Error::Stale | Error::Refused { .. } => StatusCode::CONFLICT,
            Error::IdempotencyMismatch => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Unauthenticated { .. } => StatusCode::UNAUTHORIZED,
            Error::InsufficientScope(_) | Error::Forbidden(_) => StatusCode::FORBIDDEN,
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut problem = Self::new(status, code, error.to_string());
        match &error {
            Error::Invalid(fields) => {
                let fields: Vec<Value> = fields
                    .iter()
                    .map(|field| json!({ "field": field.name, "problem": field.problem }))
                    .collect();
                problem.details = Some(json!({ "fields": fields }));
            }
            Error::Unauthenticated { .. } => {
                problem.challenge = Some(r#"Bearer error="invalid_token""#.to_owned());
            }
            Error::InsufficientScope(scope) => {
                problem.challenge = Some(format!(r#"Bearer error="insufficient_scope", scope="{scope}""#));
                problem.details = Some(json!({ "required_scope": scope }));
            }
            // What went wrong inside is for the log, not for strangers.
            Error::Unavailable(why) => {
                tracing::warn!(why, "unavailable");
                "temporarily unavailable".clone_into(&mut problem.message);
                problem.retry_after = Some(RETRY_SECONDS);
            }
            Error::Internal(why) => {
                tracing::error!(why, "internal error");
                "internal error".clone_into(&mut problem.message);
            }
            _ => {}
        }
        problem
    }
}

impl From<OAuthError> for Problem {
    fn from(error: OAuthError) -> Self {
        let code = error.code();
        match error {
            OAuthError::Other(error) => Self::from(error),
            OAuthError::InvalidClient => {
                let problem = Self::new(StatusCode::UNAUTHORIZED, code, error.to_string());
                Self { challenge: Some(r#"Basic realm="client""#.to_owned()), ..problem }
            }
            _ => Self::new(StatusCode::BAD_REQUEST, code, error.to_string()),
        }
    }
}

impl IntoResponse for Problem {
    /// Leaves the body to [`render`], which knows the request's name.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives a problem its body and headers. Called once per request, by the outermost layer, with the shape of
/// the address.
pub(crate) fn render(mut response: Response, id: RequestId, shape: Shape) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let body = match problem.shape.unwrap_or(shape) {
        Shape::Api => Json(ErrorBody {
            error: problem.code,
            message: problem.message,
            details: problem.details,
            request_id: id.to_string(),
        })
        .into_response(),
        Shape::OAuth => Json(OAuthErrorBody {
            error: problem.code,
            error_description: problem.message,
            request_id: id.to_string(),
        })
        .into_response(),
    };
    let (mut parts, _) = response.into_parts();
    // The router has measured the empty body.
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(body.headers().clone());
    let challenge = problem.challenge.and_then(|text| HeaderValue::from_str(&text).ok());
    if let Some(challenge) = challenge {
        parts.headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    if let Some(seconds) = problem.retry_after {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if problem.close {
        parts.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Response::from_parts(parts, body.into_body())
}

pub(crate) async fn no_such_route() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
}

pub(crate) async fn no_such_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this address has no such method")
}
