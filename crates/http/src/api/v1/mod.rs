pub(crate) mod applications;
pub(crate) mod envelope;
pub(crate) mod users;

use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<()> {
    OpenApiRouter::new().merge(users::routes()).merge(applications::routes())
}
