use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::{App, respond::Problem};

/// The process is there.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The process can serve: its store answers.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.engine.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}
