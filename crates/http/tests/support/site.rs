use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use intelliauth_engine::{
    Caller, Tenancy,
    applications::{self, NewApplication},
    oauth::{self, DevelopmentToken, WantedToken},
    tenants::{self, NewAudience, NewTenant, TenantChange},
    users::{self, NewUser},
};
use intelliauth_model::{
    ApplicationId, ApplicationKind, KeyAlgorithm, Profile, TenantId, TenantSettings, User,
};
use intelliauth_store::Page;

use super::{Actor, App, TestClock, operator};

/// The audience of an API every tenant has registered.
pub(crate) const API: &str = "api.banking.example";

/// One tenant of the application.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    pub(crate) tenant: TenantId,
    pub(crate) url: String,
}

/// A registered application with its secret.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: ApplicationId,
    pub(crate) secret: String,
}

impl Client {
    /// Its credentials as an `Authorization` header.
    pub(crate) fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.id, self.secret)))
    }
}

impl Site {
    pub(crate) async fn open(app: Arc<App>, slug: &str, url: &str) -> Self {
        let new = NewTenant {
            organisation: app.organisation,
            slug: slug.parse().expect("a slug"),
            name: slug.to_owned(),
            issuer: url.parse().expect("an issuer"),
            // ES256 so that tests do not wait for RSA signatures.
            settings: TenantSettings { signing_algorithm: KeyAlgorithm::ES256, ..Default::default() },
        };
        let tenant = tenants::create(&app.engine, &operator(&app.engine), new).await.expect("a tenant").id;
        let site = Self { app, tenant, url: url.to_owned() };
        let audience = NewAudience {
            id: API.parse().expect("an audience"),
            name: "Banking".to_owned(),
            scopes: "".parse().expect("scopes"),
        };
        tenants::add_audience(&site.tenancy().await, &site.operator(), audience).await.expect("an audience");
        site
    }

    /// A second tenant in the same process and store.
    pub(crate) async fn neighbour(&self) -> Self {
        Self::open(Arc::clone(&self.app), "next", "http://next-acme.localhost:8480").await
    }

    pub(crate) fn clock(&self) -> &TestClock {
        &self.app.clock
    }

    pub(crate) async fn tenancy(&self) -> Tenancy {
        tenants::open(&self.app.engine, self.tenant).await.expect("a tenancy")
    }

    /// How many events the tenant's audit log has.
    pub(crate) async fn events(&self) -> usize {
        let all = Page { before: None, limit: 10_000 };
        self.app.engine.store().scoped(self.tenant).events(all).await.expect("events").len()
    }

    pub(crate) fn operator(&self) -> Caller {
        operator(&self.app.engine)
    }

    pub(crate) fn api_audience(&self) -> String {
        format!("{}/api", self.url)
    }

    pub(crate) async fn change(&self, change: TenantChange) {
        tenants::update(&self.tenancy().await, &self.operator(), change).await.expect("a change");
    }

    pub(crate) async fn settings(&self, change: impl FnOnce(&mut TenantSettings)) {
        let mut settings = self.tenancy().await.tenant().settings.clone();
        change(&mut settings);
        self.change(TenantChange { settings: Some(settings), ..Default::default() }).await;
    }

    /// Registers an application.
    pub(crate) async fn client(&self, kind: ApplicationKind, scopes: &str, audiences: &[&str]) -> Client {
        let new = NewApplication {
            name: "A client".to_owned(),
            kind,
            redirect_uris: Vec::new(),
            allowed_origins: Vec::new(),
            allowed_scopes: scopes.parse().expect("scopes"),
            audiences: audiences.iter().map(|audience| audience.parse().expect("an audience")).collect(),
            access_token_seconds: None,
            signing_algorithm: None,
        };
        let created = applications::create(&self.tenancy().await, &self.operator(), new, None).await;
        let created = created.expect("an application");
        let secret = created.secret.map(|secret| secret.expose().to_owned()).unwrap_or_default();
        Client { id: created.application.id, secret }
    }

    /// A machine client of the tenant's own API.
    pub(crate) async fn machine_client(&self, scopes: &[&str]) -> Client {
        self.client(ApplicationKind::M2m, &scopes.join(" "), &[&self.api_audience()]).await
    }

    /// Nobody in particular.
    pub(crate) fn anon(&self) -> Actor {
        let host = self.url.split_once("://").expect("a URL").1.to_owned();
        Actor { app: Arc::clone(&self.app), host, authorization: None }
    }

    /// A token of the client's from the token endpoint.
    pub(crate) async fn token(&self, client: &Client, parameters: &[(&str, &str)]) -> String {
        let all: Vec<_> = [("grant_type", "client_credentials")].iter().chain(parameters).copied().collect();
        let answer = self.anon().form("/oauth2/token", &all).header("authorization", client.basic()).await;
        answer.expect(200).text("access_token")
    }

    /// A new client's token as its bearer.
    pub(crate) async fn act_as(&self, client: &Client) -> Actor {
        self.anon().bearing(&self.token(client, &[]).await)
    }

    /// A machine with exactly these integrator scopes.
    pub(crate) async fn machine(&self, scopes: &[&str]) -> Actor {
        self.act_as(&self.machine_client(scopes).await).await
    }

    /// A machine that may do everything.
    pub(crate) async fn admin(&self) -> Actor {
        let applications = ["applications:read", "applications:write", "applications:grant"];
        self.machine(&[&["users:read", "users:write"][..], &applications].concat()).await
    }

    /// A user, straight from the engine.
    pub(crate) async fn user(&self) -> User {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let new = NewUser {
            email: format!("ada{number}@example.com").parse().expect("an address"),
            email_verified: true,
            profile: Profile { name: Some("Ada Lovelace".to_owned()), ..Default::default() },
            password: None,
            password_must_be_reset: false,
        };
        users::create(&self.tenancy().await, &self.operator(), new, None).await.expect("a user")
    }

    /// A user's token for `audience`, with session.
    pub(crate) async fn sign_in(&self, user: &User, audience: &str) -> DevelopmentToken {
        let scopes = "openid email profile users:read users:write applications:read applications:write";
        let spa = self.client(ApplicationKind::Spa, scopes, &[API, &self.api_audience()]).await;
        self.sign_in_at(user, spa.id, audience).await
    }

    pub(crate) async fn sign_in_at(
        &self,
        user: &User,
        application: ApplicationId,
        audience: &str,
    ) -> DevelopmentToken {
        let email = user.email.clone();
        let wanted = WantedToken { email, application, audience: audience.to_owned(), scope: None };
        oauth::development_token(&self.tenancy().await, &self.operator(), wanted).await.expect("a token")
    }

    /// A user's token for `audience`.
    pub(crate) async fn user_token(&self, audience: &str) -> String {
        self.sign_in(&self.user().await, audience).await.tokens.access_token.expose().to_owned()
    }
}
