use intelliauth_engine::Paged;
use serde::Serialize;
use utoipa::ToSchema;

/// Every list answers in this envelope.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListBody<T> {
    /// Newest first.
    data: Vec<T>,
    pagination: Pagination,
}

/// Where a list goes on.
#[derive(Serialize, ToSchema)]
pub(crate) struct Pagination {
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
    /// How many were asked for.
    #[schema(example = 50)]
    limit: u32,
}

impl<T> ListBody<T> {
    pub(crate) fn new<M>(page: Paged<M>, show: impl Fn(M) -> T) -> Self {
        Self {
            data: page.items.into_iter().map(show).collect(),
            pagination: Pagination { next_cursor: page.next_cursor, limit: page.limit },
        }
    }
}
