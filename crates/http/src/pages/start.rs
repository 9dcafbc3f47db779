use axum::{
    Extension,
    http::header,
    response::{Html, IntoResponse, Response},
};
use intelliauth_engine::Tenancy;

use crate::context::RequestName;

/// Tells who found the tenant what it is and where its documents are.
pub(crate) async fn handle(
    Extension(tenancy): Extension<Tenancy>,
    Extension(name): Extension<RequestName>,
) -> Response {
    let nonce = name.0.to_string();
    let page = include_str!("start.html")
        .replace("{nonce}", &nonce)
        .replace("{issuer}", &escape(tenancy.issuer()))
        .replace("{name}", &escape(&tenancy.tenant().name));
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn markup_in_a_name_is_text() {
        assert_eq!(super::escape("<img onerror='x'>"), "&lt;img onerror=&#39;x&#39;&gt;");
    }
}
