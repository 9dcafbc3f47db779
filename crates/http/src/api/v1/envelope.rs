use axum::Json;
use intelliauth_engine::Paged;
use serde::Serialize;
use utoipa::ToSchema;

/// Every answer about one thing is in this envelope.
#[derive(Serialize, ToSchema)]
pub(crate) struct DataBody<T> {
    data: T,
    meta: Meta,
}

/// Nothing yet; room for what may be said about the data.
#[derive(Serialize, ToSchema)]
pub(crate) struct Meta {}

/// Every list answers in this envelope.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListBody<T> {
    /// Newest first.
    data: Vec<T>,
    meta: ListMeta,
}

/// Where a list goes on.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListMeta {
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
    /// How many were asked for.
    #[schema(example = 50)]
    limit: u32,
}

impl<T> DataBody<T> {
    pub(crate) fn json(data: impl Into<T>) -> Json<Self> {
        Json(Self { data: data.into(), meta: Meta {} })
    }
}

impl<T> ListBody<T> {
    pub(crate) fn json<M>(page: Paged<M>, show: impl Fn(M) -> T) -> Json<Self> {
        Json(Self {
            data: page.items.into_iter().map(show).collect(),
            meta: ListMeta { next_cursor: page.next_cursor, limit: page.limit },
        })
    }
}
