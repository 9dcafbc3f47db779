use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, Header, PathItem, Ref, RefOr, Response, ResponseBuilder,
        path::Operation,
        security::{ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme},
    },
};

use crate::respond::Shape;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "IntelliAuth tenant API",
        description = "Everything a tenant answers. Paths are relative to the tenant URL.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    modifiers(&Security),
    security(("management" = [])),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let scopes = [
            ("users:read", "Read users"),
            ("users:write", "Create, update and delete users"),
            ("applications:read", "Read applications"),
            ("applications:write", "Register, update and delete applications"),
            ("applications:grant", "Give applications scopes and audiences the caller does not hold itself"),
        ];
        let flow =
            Flow::ClientCredentials(ClientCredentials::new("/oauth2/token", Scopes::from_iter(scopes)));
        components.add_security_scheme("management", SecurityScheme::OAuth2(OAuth2::new([flow])));
        let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
        components.add_security_scheme("client", SecurityScheme::Http(basic));
    }
}

/// A refusal that operations share, by the name under which the document keeps it.
struct Shared {
    status: &'static str,
    name: &'static str,
    description: &'static str,
    retry_after: bool,
}

const TOO_LARGE: Shared =
    Shared { status: "413", name: "TooLarge", description: "body_too_large", retry_after: false };
const NOT_JSON: Shared =
    Shared { status: "415", name: "NotJson", description: "unsupported_media_type", retry_after: false };
const RATE_LIMITED: Shared =
    Shared { status: "429", name: "RateLimited", description: "rate_limited", retry_after: true };
const UNAVAILABLE: Shared =
    Shared { status: "503", name: "Unavailable", description: "temporarily_unavailable", retry_after: true };

impl Shared {
    fn name(&self, shape: Shape) -> String {
        let prefix = if shape == Shape::OAuth { "OAuth" } else { "" };
        format!("{prefix}{}", self.name)
    }

    fn response(&self, shape: Shape) -> Response {
        let body = if shape == Shape::OAuth { "OAuthErrorBody" } else { "ErrorBody" };
        let content = Content::new(Some(Ref::from_schema_name(body)));
        let mut response =
            ResponseBuilder::new().description(self.description).content("application/json", content);
        if self.retry_after {
            response = response.header("Retry-After", Header::default());
        }
        response.build()
    }
}

/// Adds to every operation the refusals that no handler makes itself.
fn add_shared(document: &mut utoipa::openapi::OpenApi, limited: bool) {
    let mut used = Vec::new();
    for (path, item) in &mut document.paths.paths {
        let shape = Shape::at(path);
        for operation in operations(item) {
            let mut refusals = vec![&UNAVAILABLE];
            if limited {
                refusals.push(&RATE_LIMITED);
            }
            if operation.request_body.is_some() {
                refusals.push(&TOO_LARGE);
                // An OAuth endpoint calls another type invalid_request.
                if shape == Shape::Api {
                    refusals.push(&NOT_JSON);
                }
            }
            for shared in refusals {
                let reference = RefOr::Ref(Ref::from_response_name(shared.name(shape)));
                operation.responses.responses.insert(shared.status.to_owned(), reference);
                used.push((shared, shape));
            }
        }
    }
    let components = document.components.get_or_insert_default();
    for (shared, shape) in used {
        components.responses.insert(shared.name(shape), RefOr::T(shared.response(shape)));
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten()
}

/// The OpenAPI document of every route, as pretty JSON with a newline at the end. Made from the code; the
/// copy in the repository is compared with it by a test.
#[must_use]
pub fn document() -> String {
    let mut document = Document::openapi();
    for (routes, limited) in [(crate::limited_routes(), true), (crate::public_routes(), false)] {
        let mut part = routes.into_openapi();
        add_shared(&mut part, limited);
        document.merge(part);
    }
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
