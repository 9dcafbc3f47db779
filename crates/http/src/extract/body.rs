use axum::{
    body::HttpBody as _,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use intelliauth_engine::Idempotent;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::bearer::app;
use crate::respond::Problem;

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A JSON body that makes something, with the key under which it may be sent again.
pub(crate) struct Posted<T> {
    pub(crate) body: T,
    pub(crate) idempotent: Option<Idempotent>,
}

/// A JSON body that changes something.
pub(crate) struct Patch<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let key = request.headers().get(IDEMPOTENCY_KEY).map(|value| {
            let parsed = value.to_str().ok().and_then(|text| text.parse().ok());
            parsed
                .ok_or_else(|| Problem::bad_request("Idempotency-Key is 1 to 255 printable ASCII characters"))
        });
        let key = key.transpose()?;
        let bytes = json_bytes(request).await?;
        let idempotent = key.map(|key| Idempotent::new(key, &method, &path, &bytes));
        Ok(Self { body: parse(&bytes)?, idempotent })
    }
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
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::too_large(limit)),
        Err(_) => Err(Problem::bad_request("the body could not be read").closing()),
    }
}

/// Unknown members are refused by the types: a misspelt or forbidden field must not be silently ignored.
/// Depth is bounded by the parser (128).
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
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

/// A member that can be absent (leave), null (remove) or a value.
#[derive(Debug, Default)]
pub(crate) enum Nullable<T> {
    #[default]
    Absent,
    Null,
    Value(T),
}

impl<T> Nullable<T> {
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
