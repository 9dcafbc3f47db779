//! An application to ask: real engine, real database, real router. Only time is ours.

mod actor;
mod answer;
mod breaker;
mod clock;
#[path = "../../../engine/tests/support/database.rs"]
mod database;
mod jwt;
mod observer;
mod site;

use std::{any::Any, sync::Arc};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use intelliauth_engine::{
    Caller, DataKey, Engine, EngineParts, PasswordCost, Passwords, Vault, create_organisation,
};
use intelliauth_http::{AppParts, Limits, router};
use intelliauth_model::{OrganisationId, RequestId, Rng};

pub(crate) use actor::{Actor, Sending};
pub(crate) use answer::Answer;
pub(crate) use breaker::{Breaker, Outage};
pub(crate) use clock::TestClock;
pub(crate) use jwt::{claims, header, resign, tamper};
pub(crate) use observer::Observer;
pub(crate) use site::{API, Client, Site};

/// Chance as in production; only time is staged.
struct Chance(SystemRandom);

impl Rng for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes).expect("random bytes");
    }
}

/// What tests may set before the application stands.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) limits: Limits,
    pub(crate) trusted_proxies: Vec<&'static str>,
}

/// One process: an engine over a store, and its router.
pub(crate) struct App {
    pub(crate) engine: Arc<Engine>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) store: Arc<Breaker>,
    pub(crate) router: axum::Router,
    pub(crate) organisation: OrganisationId,
    _keep: Arc<dyn Any + Send + Sync>,
}

impl App {
    /// An application with one tenant, `http://localhost:8480`.
    pub(crate) async fn start() -> Site {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Site {
        let clock = Arc::new(TestClock::new());
        let (store, keep) = database::fresh().await;
        let store = Breaker::over(store);
        let engine = Engine::new(EngineParts {
            store: Arc::clone(&store) as _,
            clock: Arc::clone(&clock) as _,
            rng: Arc::new(Chance(SystemRandom::new())),
            vault: Vault::new(&DataKey::from_bytes(&[7; 32]).expect("a key")).expect("a vault"),
            passwords: Passwords::new(PasswordCost { memory_kib: 64, passes: 1, at_once: 2 })
                .expect("a cost"),
        });
        let operator = operator(&engine);
        let organisation =
            create_organisation(&engine, &operator, "acme".parse().expect("a slug"), "Acme".to_owned());
        let organisation = organisation.await.expect("an organisation").id;
        let surface = intelliauth_http::App::new(AppParts {
            engine: Arc::clone(&engine),
            limits: options.limits,
            trusted_proxies: options.trusted_proxies.iter().map(|net| net.parse().expect("a net")).collect(),
        });
        let app =
            Arc::new(Self { router: router(&surface), engine, clock, store, organisation, _keep: keep });
        Site::open(app, "home", "http://localhost:8480").await
    }
}

/// Somebody at the command line.
pub(crate) fn operator(engine: &Engine) -> Caller {
    Caller::operator(RequestId::new(engine.clock(), engine.rng()))
}
