mod create;
mod delete;
mod get;
mod list;
mod rotate_secret;
mod update;
mod wire;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<()> {
    OpenApiRouter::new()
        .routes(routes!(list::handle, create::handle))
        .routes(routes!(get::handle, update::handle, delete::handle))
        .routes(routes!(rotate_secret::handle))
}
