use std::sync::atomic::Ordering;

use axum::{
    body::HttpBody as _,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use intelliauth_engine::{Error, Idempotent};
use intelliauth_model::IdempotencyKey;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::bearer::app;
use crate::{context::Reading, respond::Problem};

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A JSON body that makes something, with the key under which it may be sent again.
pub(crate) struct Posted<T> {
    pub(crate) body: T,
    pub(crate) idempotent: Option<Idempotent>,
}

/// A POST whose path says everything, with the key under which it may be sent again.
pub(crate) struct Bare(pub(crate) Option<Idempotent>);

/// A JSON body that changes something.
pub(crate) struct Patch<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let key = key(request.headers())?;
        let bytes = json_bytes(request).await?;
        let idempotent = key.map(|key| Idempotent::new(key, &method, &path, &bytes));
        Ok(Self { body: parse(&bytes)?, idempotent })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Bare {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let path = parts.uri.path();
        Ok(Self(key(&parts.headers)?.map(|key| Idempotent::new(key, parts.method.as_str(), path, &[]))))
    }
}

/// The one `Idempotency-Key`, if there is any.
fn key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().ok().and_then(|text| text.parse().ok()).filter(|_| values.next().is_none());
    key.map(Some).ok_or_else(|| {
        Problem::bad_request("Idempotency-Key is given once, as 1 to 255 printable ASCII characters")
    })
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Patch<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        Ok(Self(parse(&json_bytes(request).await?)?))
    }
}

async fn json_bytes(request: Request) -> Result<Bytes, Problem> {
    if !is_type(request.headers(), "application/json") {
        return Err(Problem::unsupported_media_type("send application/json"));
    }
    read(request).await
}

/// Whether the body is of this media type, parameters aside. Browsers cannot send JSON across sites without
/// asking first, so this also keeps simple cross-site forms out.
pub(super) fn is_type(headers: &HeaderMap, wanted: &str) -> bool {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

/// The body within the limit.
pub(super) async fn read(request: Request) -> Result<Bytes, Problem> {
    let (parts, body) = request.into_parts();
    let limit = app(&parts)?.limits.body_bytes;
    // What is announced as too long is not waited for.
    if body.size_hint().lower() > limit as u64 {
        return Err(Problem::too_large(limit));
    }
    let reading = parts.extensions.get::<Reading>().cloned().unwrap_or_default();
    reading.0.store(true, Ordering::Relaxed);
    let collected = Limited::new(body, limit).collect().await;
    reading.0.store(false, Ordering::Relaxed);
    match collected {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::too_large(limit)),
        Err(_) => Err(Problem::bad_request("the body could not be read").closing()),
    }
}

/// Unknown members are refused by the types: a misspelt or forbidden field must not be silently ignored.
/// Depth is bounded by the parser (128).
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // serde takes an array for a struct, its members by position; we do not.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::bad_request("the body is a JSON object"));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        // The parser's words quote what was sent; a password in the wrong place must not come back or be
        // logged, so only its place is told, and the field when it is one of ours.
        let told = error.to_string();
        let safe = told.starts_with("unknown field")
            || told.starts_with("missing field")
            || told.starts_with("duplicate field");
        Problem::bad_request(if safe {
            told
        } else {
            format!(
                "the body is not the JSON expected here (line {}, column {})",
                error.line(),
                error.column()
            )
        })
    })
}

/// A member of a change: absent (leave), null (remove, where there is something to remove) or a value.
#[derive(Debug, Default)]
pub(crate) enum Nullable<T> {
    #[default]
    Absent,
    Null,
    Value(T),
}

impl<T> Nullable<T> {
    /// For what always has a value: null is refused by the field's name. Taken for "leave it", a client that
    /// meant to clear the field would be told it had.
    pub(crate) fn into_value(self, field: &'static str) -> Result<Option<T>, Error> {
        match self {
            Self::Absent => Ok(None),
            Self::Null => Err(Error::invalid(field, "cannot be null; leave it out to keep it")),
            Self::Value(value) => Ok(Some(value)),
        }
    }

    /// As the engine has it: `None` leaves, `Some(None)` removes.
    #[expect(clippy::option_option, reason = "absent, null and a value are three different wishes")]
    pub(crate) fn into_change(self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}
