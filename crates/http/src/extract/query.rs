use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use intelliauth_engine::Listing;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

use crate::respond::Problem;

/// What every list takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many, 1 to 200. Default 50.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What the list of users takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserListQuery {
    /// How many, 1 to 200. Default 50.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only addresses that begin so.
    #[param(example = "ada@")]
    pub(crate) email: Option<String>,
}

impl ListQuery {
    pub(crate) fn listing(self) -> Listing {
        Listing { cursor: self.cursor, limit: self.limit }
    }
}

impl UserListQuery {
    pub(crate) fn listing(&self) -> Listing {
        Listing { cursor: self.cursor.clone(), limit: self.limit }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        read(parts, state, "there are limit and cursor, given once each, limit as a number").await
    }
}

impl<S: Send + Sync> FromRequestParts<S> for UserListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        read(parts, state, "there are limit, cursor and email, given once each, limit as a number").await
    }
}

/// A parameter that we do not know is refused: a misspelt filter that is ignored gives everything, and a
/// client that then acts on each row acts on the wrong ones.
async fn read<T: DeserializeOwned, S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
    otherwise: &'static str,
) -> Result<T, Problem> {
    let query = Query::<T>::from_request_parts(parts, state).await;
    query.map(|Query(query)| query).map_err(|_| Problem::bad_request(otherwise))
}
