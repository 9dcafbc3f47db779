use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use intelliauth_engine::Error;

use crate::respond::Problem;

/// What can be named in a path.
pub(crate) trait Named: FromStr {
    /// What it is called in "there is no such …".
    const WHAT: &'static str;
}

impl Named for intelliauth_model::UserId {
    const WHAT: &'static str = "user";
}

impl Named for intelliauth_model::ApplicationId {
    const WHAT: &'static str = "application";
}

/// The `{id}` of the path. A text that cannot be an id names nothing: 404, as for any other stranger.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: Named, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        let id = text.ok().and_then(|Path(text)| text.parse().ok());
        Ok(Self(id.ok_or(Error::NotFound(T::WHAT))?))
    }
}
