//! An engine, or several over one store. Only time is ours.

mod database;

use std::{
    any::Any,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use intelliauth_engine::{
    Caller, DataKey, Engine, EngineParts, PasswordCost, Passwords, Tenancy, Vault,
    applications::{self, Created, NewApplication},
    create_organisation,
    oauth::{self, ClientCredentials, Introspection, TokenRequest, WantedToken},
    tenants::{self, NewAudience, NewTenant},
    users::{self, NewUser},
};
use intelliauth_model::{
    Application, ApplicationId, ApplicationKind, Clock, KeyAlgorithm, Profile, RequestId, Rng, Secret,
    Tenant, TenantId, TenantSettings, Timestamp, User,
};
use intelliauth_store::{PlatformTx, PlatformWrite, Store};

/// The audience of an API the tenant has registered.
pub(crate) const API: &str = "api.banking.example";

/// A clock that goes when it is told to. It begins at a whole second.
pub(crate) struct TestClock {
    now: AtomicI64,
    ticks: AtomicI64,
}

impl TestClock {
    /// Time goes on; a negative number sets the clock back, which takes no time.
    pub(crate) fn advance_ms(&self, milliseconds: i64) {
        self.now.fetch_add(milliseconds, Ordering::SeqCst);
        self.ticks.fetch_add(milliseconds.max(0), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    fn ticks(&self) -> i64 {
        self.ticks.load(Ordering::SeqCst)
    }
}

struct Chance(SystemRandom);

impl Rng for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes).expect("random bytes");
    }
}

/// One process: an engine, and the tenant the tests are about.
#[derive(Clone)]
pub(crate) struct Process {
    pub(crate) engine: Arc<Engine>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) tenant: TenantId,
    keep: Arc<dyn Any + Send + Sync>,
}

fn engine(store: Arc<dyn Store>, clock: &Arc<TestClock>, key: u8) -> Arc<Engine> {
    Engine::new(EngineParts {
        store,
        clock: Arc::clone(clock) as _,
        rng: Arc::new(Chance(SystemRandom::new())),
        vault: Vault::new(&DataKey::from_bytes(&[key; 32]).expect("a key")).expect("a vault"),
        passwords: Passwords::new(PasswordCost { memory_kib: 64, passes: 1, at_once: 2 }).expect("a cost"),
    })
}

impl Process {
    /// A process over a new store with one tenant.
    pub(crate) async fn new() -> Self {
        let clock = Arc::new(TestClock { now: AtomicI64::new(1_790_000_000_000), ticks: AtomicI64::new(0) });
        let (store, keep) = database::fresh().await;
        let engine = engine(store, &clock, 7);
        let operator = Caller::operator(RequestId::new(engine.clock(), engine.rng()));
        let organisation =
            create_organisation(&engine, &operator, "acme".parse().unwrap(), "Acme".to_owned());
        let new = NewTenant {
            organisation: organisation.await.expect("an organisation").id,
            slug: "home".parse().unwrap(),
            name: "Home".to_owned(),
            issuer: "http://localhost:8480".parse().unwrap(),
            settings: TenantSettings { signing_algorithm: KeyAlgorithm::ES256, ..Default::default() },
        };
        let tenant = tenants::create(&engine, &operator, new).await.expect("a tenant").id;
        let process = Self { engine, clock, tenant, keep };
        let audience =
            NewAudience { id: API.parse().unwrap(), name: "Banking".to_owned(), scopes: "".parse().unwrap() };
        tenants::add_audience(&process.tenancy().await, &process.operator(), audience).await.unwrap();
        process
    }

    /// Another process over the same store.
    pub(crate) fn beside(&self) -> Self {
        self.with_data_key(7)
    }

    /// Another process over the same store, with this data key.
    pub(crate) fn with_data_key(&self, key: u8) -> Self {
        let engine = engine(Arc::clone(self.engine.store()), &self.clock, key);
        let (clock, keep) = (Arc::clone(&self.clock), Arc::clone(&self.keep));
        Self { engine, clock, tenant: self.tenant, keep }
    }

    /// A tenant as another release left it: a row, and nothing that hangs on it.
    pub(crate) async fn bare_tenant(&self) -> TenantId {
        let made = self.tenancy().await.tenant().clone();
        let id = TenantId::new(self.engine.clock(), self.engine.rng());
        let issuer = "http://bare.localhost:8480".parse().unwrap();
        let bare = Tenant { id, slug: "bare".parse().unwrap(), issuer, ..made };
        let tx = PlatformTx::new().with(PlatformWrite::InsertTenant(Box::new(bare)));
        self.engine.store().commit(tx).await.unwrap();
        id
    }

    pub(crate) async fn tenancy(&self) -> Tenancy {
        tenants::open(&self.engine, self.tenant).await.expect("a tenancy")
    }

    pub(crate) fn operator(&self) -> Caller {
        Caller::operator(RequestId::new(self.engine.clock(), self.engine.rng()))
    }

    pub(crate) async fn user(&self, email: &str) -> User {
        let new = NewUser {
            email: email.parse().unwrap(),
            email_verified: false,
            profile: Profile::default(),
            password: Some(Secret::new("correct horse".to_owned())),
            password_must_be_reset: false,
        };
        users::create(&self.tenancy().await, &self.operator(), new, None).await.expect("a user")
    }

    pub(crate) async fn application(&self, kind: ApplicationKind) -> Created {
        let new = NewApplication {
            name: "A client".to_owned(),
            kind,
            redirect_uris: Vec::new(),
            allowed_origins: Vec::new(),
            allowed_scopes: "openid users:read".parse().unwrap(),
            audiences: vec![API.parse().unwrap()],
            access_token_seconds: None,
            signing_algorithm: None,
        };
        applications::create(&self.tenancy().await, &self.operator(), new, None).await.expect("a client")
    }

    /// A token by client credentials, if the client gets one.
    pub(crate) async fn token(&self, client: &Created) -> Result<String, oauth::OAuthError> {
        let request = TokenRequest {
            credentials: credentials(client),
            grant_type: "client_credentials".to_owned(),
            audiences: Vec::new(),
            scope: None,
        };
        let tokens = oauth::token(&self.tenancy().await, request).await?;
        Ok(tokens.access_token.expose().to_owned())
    }

    /// A user's token.
    pub(crate) async fn sign_in(&self, user: &User, application: ApplicationId) -> String {
        let email = user.email.clone();
        let wanted = WantedToken { email, application, audience: API.to_owned(), scope: None };
        let made = oauth::development_token(&self.tenancy().await, &self.operator(), wanted).await;
        made.expect("a token").tokens.access_token.expose().to_owned()
    }

    /// Whether the tenant says that the token is good.
    pub(crate) async fn active(&self, asking: &Created, token: &str) -> bool {
        let token = Secret::new(token.to_owned());
        let said = oauth::introspect(&self.tenancy().await, &credentials(asking), &token).await;
        matches!(said.expect("an answer"), Introspection::Active(_))
    }
}

pub(crate) fn credentials(client: &Created) -> ClientCredentials {
    let Application { id, .. } = client.application;
    ClientCredentials { id: id.to_string(), secret: client.secret.clone() }
}
