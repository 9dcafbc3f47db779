use utoipa::{
    Modify, OpenApi,
    openapi::security::{
        ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme,
    },
};

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
        ];
        let flow =
            Flow::ClientCredentials(ClientCredentials::new("/oauth2/token", Scopes::from_iter(scopes)));
        components.add_security_scheme("management", SecurityScheme::OAuth2(OAuth2::new([flow])));
        let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
        components.add_security_scheme("client", SecurityScheme::Http(basic));
    }
}

/// The OpenAPI document of every route, as pretty JSON with a newline at the end. Made from the code; the
/// copy in the repository is compared with it by a test.
#[must_use]
pub fn document() -> String {
    let mut document = Document::openapi();
    for routes in [crate::limited_routes(), crate::public_routes()] {
        document.merge(routes.into_openapi());
    }
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
