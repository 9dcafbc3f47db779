use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use intelliauth_engine::Listing;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::respond::Problem;

/// What every list takes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many, 1 to 200. Default 50.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Users only: addresses that begin so.
    #[param(example = "ada@")]
    pub(crate) email: Option<String>,
}

impl ListQuery {
    pub(crate) fn listing(&self) -> Listing {
        Listing { cursor: self.cursor.clone(), limit: self.limit }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<QueryText>::from_request_parts(parts, state).await;
        let Ok(Query(query)) = query else {
            return Err(Problem::bad_request(
                "limit, cursor and email are given once each, limit as a number",
            ));
        };
        Ok(Self { limit: query.limit, cursor: query.cursor, email: query.email })
    }
}

#[derive(Deserialize)]
struct QueryText {
    limit: Option<u32>,
    cursor: Option<String>,
    email: Option<String>,
}
