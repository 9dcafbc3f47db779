use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use intelliauth_engine::{Caller, Tenancy, oauth};
use intelliauth_model::{RequestId, Secret};

use crate::{App, context::RequestName, respond::Problem};

/// A caller with a token that holds, in a tenant. There is no way to a REST handler without it.
pub(crate) struct Authenticated {
    pub(crate) tenancy: Tenancy,
    pub(crate) caller: Caller,
}

impl<S: Send + Sync> FromRequestParts<S> for Authenticated {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let tenancy = tenancy(parts)?;
        let token = token(&parts.headers)?;
        let caller = oauth::authenticate_caller(&tenancy, &token, request_id(parts)?).await?;
        Ok(Self { tenancy, caller })
    }
}

/// The one bearer token of the one `Authorization` header (RFC 6750 §2.1).
fn token(headers: &HeaderMap) -> Result<Secret, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Err(Problem::missing_token()) };
    if values.next().is_some() {
        return Err(Problem::bad_request("more than one Authorization header"));
    }
    let text = value.to_str().map_err(|_| Problem::missing_token())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(Problem::missing_token)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.contains(' ') {
        return Err(Problem::missing_token());
    }
    Ok(Secret::new(token.to_owned()))
}

pub(crate) fn tenancy(parts: &Parts) -> Result<Tenancy, Problem> {
    laid_on(parts, "a route outside a tenant")
}

pub(crate) fn request_id(parts: &Parts) -> Result<RequestId, Problem> {
    laid_on(parts, "a request without a name").map(|RequestName(id)| id)
}

pub(crate) fn app(parts: &Parts) -> Result<Arc<App>, Problem> {
    laid_on(parts, "a route outside the app")
}

/// What an outer layer has put on the request. Without that layer it is our fault: `missing` says which.
fn laid_on<T: Clone + Send + Sync + 'static>(parts: &Parts, missing: &str) -> Result<T, Problem> {
    let found = parts.extensions.get::<T>().cloned();
    Ok(found.ok_or_else(|| intelliauth_engine::Error::Internal(missing.to_owned()))?)
}
