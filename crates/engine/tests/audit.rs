//! Every change leaves exactly its event, in the same transaction, and no secret in it.

use intelliauth_engine::{
    applications::{self, ApplicationChange},
    keys, oauth,
    sessions::{self, SignIn},
    tenants::{self, NewAudience, TenantChange},
    users::{self, UserChange},
};
use intelliauth_model::{
    ApplicationKind, AssuranceLevel, Event, EventKind as Kind, KeyAlgorithm, Outcome, RequestId, Secret,
};
use intelliauth_store::Page;

use crate::support::{API, Process, credentials};

const ALL: Page = Page { before: None, limit: 1000 };

/// Reads what the log has gained since it last looked.
struct Log {
    process: Process,
    seen: usize,
}

impl Log {
    async fn of(process: &Process) -> Self {
        let mut log = Self { process: process.clone(), seen: 0 };
        log.gained().await;
        log
    }

    async fn gained(&mut self) -> Vec<Event> {
        // Ids order events; within one millisecond chance does.
        self.process.clock.advance_ms(1);
        let store = self.process.engine.store().scoped(self.process.tenant);
        let mut events = store.events(ALL).await.expect("events");
        let new = events.len() - self.seen;
        self.seen = events.len();
        events.truncate(new);
        for event in &events {
            assert_eq!(event.outcome, Outcome::Success);
            assert!(event.request_id.as_deref().is_some_and(|id| id.starts_with("req_")), "{event:?}");
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&event.data)
                .expect("an object");
            for word in ["correct horse", "battery staple", "example.com", "ada", "ias_", "$argon2", "eyJ"] {
                assert!(!event.data.contains(word), "{word} in {event:?}");
            }
        }
        events
    }

    #[track_caller]
    fn check(gained: &[Event], kinds: &[Kind], target: (&str, &str)) {
        let mut found: Vec<_> = gained.iter().map(|event| event.kind.as_str()).collect();
        let mut expected: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        if let [event] = gained {
            assert_eq!((event.target.kind, event.target.id.as_str()), target);
        }
    }

    async fn one(&mut self, kind: Kind, target: (&str, &str)) {
        let gained = self.gained().await;
        Self::check(&gained, &[kind], target);
    }
}

#[tokio::test]
async fn people_and_their_sessions() {
    let process = Process::new().await;
    let spa = process.application(ApplicationKind::Spa).await.application.id;
    let mut log = Log::of(&process).await;
    let (tenancy, operator) = (process.tenancy().await, process.operator());
    let user = process.user("ada@example.com").await;
    let id = user.id.to_string();
    let target = ("user", id.as_str());
    log.one(Kind::UserCreated, target).await;
    let change = UserChange {
        email: Some("ada@example.org".parse().unwrap()),
        password: Some(Secret::new("battery staple".to_owned())),
        ..Default::default()
    };
    users::update(&tenancy, &operator, user.id, change).await.unwrap();
    log.one(Kind::UserUpdated, target).await;
    users::revoke_tokens(&tenancy, &operator, user.id).await.unwrap();
    log.one(Kind::UserTokensRevoked, target).await;
    users::set_enabled(&tenancy, &operator, user.id, false).await.unwrap();
    log.one(Kind::UserDisabled, target).await;
    users::set_enabled(&tenancy, &operator, user.id, false).await.unwrap();
    assert!(log.gained().await.is_empty(), "nothing changed");
    let user = users::set_enabled(&tenancy, &operator, user.id, true).await.unwrap();
    log.one(Kind::UserEnabled, target).await;
    let sign_in = SignIn { application: spa, level: AssuranceLevel::Aal1, amr: vec!["pwd".to_owned()] };
    let session = sessions::begin(&tenancy, &operator, &user, sign_in).await.unwrap().id;
    let name = session.to_string();
    log.one(Kind::SessionCreated, ("session", &name)).await;
    sessions::revoke(&tenancy, &operator, session).await.unwrap();
    log.one(Kind::SessionRevoked, ("session", &name)).await;
    users::delete(&tenancy, &operator, user.id).await.unwrap();
    log.one(Kind::UserDeleted, target).await;
}

#[tokio::test]
async fn applications_and_tokens() {
    let process = Process::new().await;
    let mut log = Log::of(&process).await;
    let operator = process.operator();
    let client = process.application(ApplicationKind::M2m).await;
    let id = client.application.id;
    let text = id.to_string();
    let target = ("application", text.as_str());
    log.one(Kind::ApplicationCreated, target).await;
    let tenancy = process.tenancy().await;
    applications::update(&tenancy, &operator, id, ApplicationChange::default()).await.unwrap();
    assert!(log.gained().await.is_empty(), "nothing changed");
    let change = ApplicationChange { access_token_seconds: Some(60), ..Default::default() };
    applications::update(&tenancy, &operator, id, change).await.unwrap();
    log.one(Kind::ApplicationUpdated, target).await;
    // Machines fetch tokens all day: no event (ADR 6).
    let token = process.token(&client).await.unwrap();
    assert!(log.gained().await.is_empty());
    let request_id = RequestId::new(process.engine.clock(), process.engine.rng());
    let revoke = async || {
        let (credentials, token) = (credentials(&client), Secret::new(token.clone()));
        oauth::revoke(&process.tenancy().await, &credentials, &token, request_id).await.unwrap();
    };
    revoke().await;
    let gained = log.gained().await;
    assert_eq!(gained.len(), 1);
    assert_eq!((gained[0].kind, gained[0].target.kind), (Kind::TokenRevoked, "token"));
    assert_eq!(gained[0].request_id, Some(request_id.to_string()));
    assert_eq!(gained[0].actor, intelliauth_model::Actor::Client(id));
    revoke().await;
    assert!(log.gained().await.is_empty(), "it was revoked before");
    applications::rotate_secret(&tenancy, &operator, id, false, None).await.unwrap();
    log.one(Kind::SecretRotated, target).await;
    applications::revoke_tokens(&tenancy, &operator, id).await.unwrap();
    log.one(Kind::ClientTokensRevoked, target).await;
    applications::set_enabled(&tenancy, &operator, id, false).await.unwrap();
    log.one(Kind::ApplicationDisabled, target).await;
    applications::set_enabled(&tenancy, &operator, id, true).await.unwrap();
    log.one(Kind::ApplicationEnabled, target).await;
    applications::delete(&tenancy, &operator, id).await.unwrap();
    log.one(Kind::ApplicationDeleted, target).await;
}

#[tokio::test]
async fn the_tenant_and_its_keys() {
    let process = Process::new().await;
    let mut log = Log::of(&process).await;
    let operator = process.operator();
    let id = process.tenant.to_string();
    let target = ("tenant", id.as_str());
    tenants::update(&process.tenancy().await, &operator, TenantChange::default()).await.unwrap();
    log.one(Kind::TenantUpdated, target).await;
    tenants::revoke_tokens(&process.tenancy().await, &operator).await.unwrap();
    log.one(Kind::TenantTokensRevoked, target).await;
    let audience =
        NewAudience { id: "x.example".parse().unwrap(), name: "X".to_owned(), scopes: "".parse().unwrap() };
    tenants::add_audience(&process.tenancy().await, &operator, audience).await.unwrap();
    log.one(Kind::AudienceCreated, ("audience", "x.example")).await;
    let password = Secret::new("correct horse".to_owned());
    let email = "ada@example.com".parse().unwrap();
    let admin = tenants::add_admin(&process.tenancy().await, &operator, email, password).await.unwrap();
    log.one(Kind::AdminCreated, ("admin", &admin.id.to_string())).await;
    let tenancy = process.tenancy().await;
    process.clock.advance_ms(1_000);
    let rotation = keys::rotate(&tenancy, &operator, KeyAlgorithm::ES256, true).await.unwrap();
    let moved = [Kind::KeyRetired, Kind::KeyActivated, Kind::KeyPublished];
    Log::check(&log.gained().await, &moved, target);
    keys::withdraw(&process.tenancy().await, &operator, &rotation.current).await.unwrap();
    let moved = [Kind::KeyRevoked, Kind::KeyActivated, Kind::KeyPublished];
    Log::check(&log.gained().await, &moved, target);
}

/// The schedule told of a key's end twice: when it stopped signing and when it left the JWKS.
#[tokio::test]
async fn bug_a_key_was_retired_twice() {
    let process = Process::new().await;
    let mut log = Log::of(&process).await;
    let mut round = async |days: i64| {
        process.clock.advance_ms(1000 * 86_400 * days);
        keys::follow_schedule(&process.tenancy().await).await.unwrap();
        let gained = log.gained().await;
        // The product's own doing is in the log as the product's.
        assert!(gained.iter().all(|event| event.actor == intelliauth_model::Actor::System), "{gained:?}");
        gained
    };
    let rotated = [Kind::KeyRetired, Kind::KeyActivated, Kind::KeyPublished];
    Log::check(&round(90).await, &rotated.repeat(3), ("", ""));
    Log::check(&round(2).await, &[Kind::KeyRemoved; 3], ("", ""));
}

/// The platform's log knows of organisations and tenants, with the first keys in the tenant's own.
#[tokio::test]
async fn organisations_and_tenants() {
    let process = Process::new().await;
    let platform = process.engine.store().platform_events(ALL).await.unwrap();
    let mut kinds: Vec<_> = platform.iter().map(|event| event.kind).collect();
    kinds.sort_by_key(|kind| kind.as_str());
    assert_eq!(kinds, [Kind::OrganisationCreated, Kind::TenantCreated]);
    let within = process.engine.store().scoped(process.tenant).events(ALL).await.unwrap();
    assert_eq!(within.iter().filter(|event| event.kind == Kind::KeyPublished).count(), 6);
}

/// What does not happen leaves no event: they are one transaction.
#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let process = Process::new().await;
    let user = process.user("ada@example.com").await;
    let other = process.user("bob@example.com").await;
    let mut log = Log::of(&process).await;
    let (tenancy, operator) = (process.tenancy().await, process.operator());
    let taken = UserChange { email: Some(user.email.clone()), ..Default::default() };
    assert!(users::update(&tenancy, &operator, other.id, taken).await.is_err());
    assert!(keys::rotate(&tenancy, &operator, KeyAlgorithm::ES256, false).await.is_err());
    assert!(keys::withdraw(&tenancy, &operator, "nobody").await.is_err());
    let again = NewAudience { id: API.parse().unwrap(), name: "X".to_owned(), scopes: "".parse().unwrap() };
    assert!(tenants::add_audience(&tenancy, &operator, again).await.is_err());
    assert!(log.gained().await.is_empty());
}
