//! Things to store. Everything is made from a number, so that a case can name a thing twice; all identifiers
//! share one millisecond, so that a store which sorts by time alone is found out. A store's own tests may use
//! them too.
#![allow(missing_docs, clippy::must_use_candidate, reason = "a fixture is named by what it makes")]

use std::sync::Arc;

use intelliauth_model::{
    Actor, Admin, AdminId, Application, ApplicationId, ApplicationKind, ApplicationState, AssuranceLevel,
    Audience, ClientSecret, Email, Event, EventId, EventKind, IdempotencyRecord, JobKind, JobName,
    KeyAlgorithm, KeyState, LeaseId, NewRevocation, Organisation, OrganisationId, Outcome, PasswordHash,
    Profile, RecordedAnswer, RevocationKind, SecretId, Session, SessionId, SessionState, SigningKeyRecord,
    SingleUse, SingleUseKind, Target, Tenant, TenantId, TenantSettings, TenantState, Timestamp, User, UserId,
    UserState, Version,
};

use crate::{
    Committed, Page, PlatformTx, PlatformWrite, Store, StoreResult, TenantStore, TenantTx, TenantWrite,
};

/// The moment at which things happen, somewhere in 2026.
pub const NOW: Timestamp = Timestamp(1_790_000_000_000);
/// When things made by the fixtures end.
pub const END: Timestamp = Timestamp(NOW.0 + 3_600_000);
/// Everything at once.
pub const ALL: Page = Page { before: None, limit: 1000 };

/// The `n`th identifier of one millisecond.
pub fn id(n: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&NOW.0.to_be_bytes()[2..]);
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    bytes
}

pub fn user_id(n: u64) -> UserId {
    UserId::from_bytes(id(n))
}

pub fn application_id(n: u64) -> ApplicationId {
    ApplicationId::from_bytes(id(n))
}

pub fn email(n: u64) -> Email {
    format!("user{n}@example.com").parse().unwrap()
}

pub fn organisation(n: u64) -> Organisation {
    Organisation {
        id: OrganisationId::from_bytes(id(n)),
        slug: format!("org{n}").parse().unwrap(),
        name: format!("Organisation {n}"),
        created_at: NOW,
    }
}

/// The `n`th tenant, of organisation 1.
pub fn tenant(n: u64) -> Tenant {
    Tenant {
        id: TenantId::from_bytes(id(n)),
        organisation: organisation(1).id,
        slug: format!("tenant{n}").parse().unwrap(),
        name: format!("Tenant {n}"),
        issuer: format!("https://tenant{n}-org1.example.com:8443").parse().unwrap(),
        state: TenantState::Active,
        settings: TenantSettings::default(),
        version: Version::FIRST,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn admin(n: u64) -> Admin {
    Admin {
        id: AdminId::from_bytes(id(n)),
        email: email(n),
        password_hash: PasswordHash(format!("$argon2id$admin{n}")),
        created_at: NOW,
    }
}

pub fn audience(n: u64) -> Audience {
    Audience {
        id: format!("api{n}.example.com").parse().unwrap(),
        name: format!("API {n}"),
        scopes: "accounts:read accounts:write".parse().unwrap(),
        created_at: NOW,
    }
}

pub fn user(n: u64) -> User {
    User {
        id: user_id(n),
        email: email(n),
        email_verified: true,
        profile: Profile { name: Some(format!("User {n}")), ..Profile::default() },
        password_hash: Some(PasswordHash(format!("$argon2id$user{n}"))),
        password_must_be_reset: false,
        state: UserState::Active,
        version: Version::FIRST,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn application(n: u64) -> Application {
    Application {
        id: application_id(n),
        name: format!("Application {n}"),
        kind: ApplicationKind::M2m,
        state: ApplicationState::Enabled,
        redirect_uris: vec![format!("https://app{n}.example.com/callback")],
        allowed_origins: vec![format!("https://app{n}.example.com")],
        allowed_scopes: "users:read users:write".parse().unwrap(),
        audiences: vec![audience(1).id],
        access_token_seconds: 3600,
        signing_algorithm: None,
        version: Version::FIRST,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// The `n`th secret, of application `of`.
pub fn secret(n: u64, of: u64) -> ClientSecret {
    ClientSecret {
        id: SecretId::from_bytes(id(n)),
        application: application_id(of),
        hash: hash(n),
        created_at: NOW,
        expires_at: None,
    }
}

/// The `n`th session, of user `of` at application 1.
pub fn session(n: u64, of: u64) -> Session {
    Session {
        id: SessionId::from_bytes(id(n)),
        user: user_id(of),
        application: application_id(1),
        level: AssuranceLevel::Aal1,
        amr: vec!["pwd".to_owned()],
        state: SessionState::Active,
        created_at: NOW,
        expires_at: END,
    }
}

/// The `n`th key; later numbers were made later.
pub fn key(n: u64, state: KeyState) -> SigningKeyRecord {
    SigningKeyRecord {
        kid: format!("kid{n}"),
        algorithm: KeyAlgorithm::RS256,
        state,
        sealed_private: vec![0, 255, u8::try_from(n % 256).unwrap()],
        public_jwk: format!(r#"{{"kty":"RSA","kid":"kid{n}"}}"#),
        created_at: NOW.plus_seconds(i64::try_from(n).unwrap()),
    }
}

pub const NEXT: KeyState = KeyState::Next { published_at: NOW };
pub const CURRENT: KeyState = KeyState::Current { since: NOW };
pub const PREVIOUS: KeyState = KeyState::Previous { since: NOW, until: END };

pub fn hash(n: u64) -> [u8; 32] {
    let mut bytes = [0xa5; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    bytes
}

pub fn single_use(n: u64, kind: SingleUseKind) -> SingleUse {
    SingleUse { kind, hash: hash(n), payload: format!(r#"{{"n":{n}}}"#), expires_at: END }
}

/// What a POST with the key `name` by application `client` did.
pub fn record(name: &str, client: u64) -> IdempotencyRecord {
    IdempotencyRecord {
        client: application_id(client),
        key: name.parse().unwrap(),
        fingerprint: hash(client),
        answer: RecordedAnswer { resource_id: format!("usr_{name}_{client}") },
        expires_at: END,
    }
}

pub fn revocation(n: u64) -> NewRevocation {
    NewRevocation { kind: RevocationKind::Token, id_hash: id(n), not_before: NOW, expires_at: END }
}

/// The name of the `n`th job; later numbers sort later.
pub fn job(n: u64) -> JobName {
    JobName { kind: JobKind::ForgetExpired, subject: format!("subject{n:04}") }
}

pub fn lease(n: u64) -> LeaseId {
    LeaseId::from_bytes(id(n))
}

pub fn event(n: u64) -> Event {
    Event {
        id: EventId::from_bytes(id(n)),
        kind: EventKind::UserCreated,
        occurred_at: NOW,
        actor: Actor::Client(application_id(1)),
        target: Target { kind: "user", id: user_id(n).to_string() },
        outcome: Outcome::Success,
        request_id: None,
        data: format!(r#"{{"n":{n}}}"#),
    }
}

/// Does `writes` in one transaction.
pub async fn put(
    tenant: &Arc<dyn TenantStore>,
    writes: impl IntoIterator<Item = TenantWrite>,
) -> StoreResult<Committed> {
    tenant.commit(tx(writes)).await
}

pub fn tx(writes: impl IntoIterator<Item = TenantWrite>) -> TenantTx {
    writes.into_iter().fold(TenantTx::new(), TenantTx::with)
}

/// Makes organisation 1 and the tenants with these numbers, and gives the way to each.
pub async fn open<const N: usize>(store: &Arc<dyn Store>, numbers: [u64; N]) -> [Arc<dyn TenantStore>; N] {
    let made = PlatformTx::new().with(PlatformWrite::InsertOrganisation(Box::new(organisation(1))));
    let made = numbers
        .iter()
        .fold(made, |made, number| made.with(PlatformWrite::InsertTenant(Box::new(tenant(*number)))));
    store.commit(made).await.unwrap();
    numbers.map(|number| store.scoped(tenant(number).id))
}

/// Makes one tenant.
pub async fn open_one(store: &Arc<dyn Store>) -> Arc<dyn TenantStore> {
    let [tenant] = open(store, [1]).await;
    tenant
}
