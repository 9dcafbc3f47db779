//! Data with meaning: identifiers, values that cannot be invalid, and the states things can be in.
//!
//! **Owns** the vocabulary every other room speaks. **Never** reads a clock, draws randomness, speaks
//! HTTP or SQL, or knows how anything is stored.

mod application;
mod audience;
mod clock;
mod email;
mod event;
mod id;
mod idempotency;
mod job;
mod key;
mod revocation;
mod scope;
mod secret;
mod session;
mod single_use;
mod slug;
mod tenant;
mod user;

pub use application::{
    Application, ApplicationKind, ApplicationState, ClientSecret, DEFAULT_ACCESS_TOKEN_SECONDS,
    MAX_ACCESS_TOKEN_SECONDS,
};
pub use audience::{Audience, AudienceId, InvalidAudience};
pub use clock::{Clock, Rng, Timestamp};
pub use email::{Email, InvalidEmail};
pub use event::{Actor, Event, EventKind, Outcome, Target};
pub use id::{
    AdminId, ApplicationId, EventId, InvalidId, OrganisationId, RequestId, SecretId, SessionId, TenantId,
    TokenId, UserId,
};
pub use idempotency::{IdempotencyKey, IdempotencyRecord, InvalidIdempotencyKey, RecordedAnswer};
pub use job::{Job, JobEnd, JobKind, JobName, JobState, LeaseId, LeasedJob};
pub use key::{KeyAlgorithm, KeyState, SigningKeyRecord, UnknownAlgorithm};
pub use revocation::{NewRevocation, Revocation, RevocationKind};
pub use scope::{InvalidScope, Scope, ScopeSet};
pub use secret::Secret;
pub use session::{AssuranceLevel, Session, SessionState};
pub use single_use::{SingleUse, SingleUseKind};
pub use slug::{InvalidSlug, Slug};
pub use tenant::{
    Admin, InvalidIssuer, Issuer, Organisation, ScopeMode, Tenant, TenantSettings, TenantState,
};
pub use user::{PasswordHash, Profile, User, UserState};

/// A row's revision. It starts at 1 and grows by one with each change; a write names the revision it read,
/// so that two writers cannot overwrite each other unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub i64);

impl Version {
    /// The revision of a row just made.
    pub const FIRST: Self = Self(1);

    /// The revision after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}
