use std::fmt;

use crate::{AdminId, ApplicationId, EventId, Timestamp, UserId};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The product itself, such as a schedule.
    System,
    /// Somebody at the server's command line.
    Operator,
    /// A client application by its own credentials.
    Client(ApplicationId),
    /// A user.
    User(UserId),
    /// A console administrator.
    Admin(AdminId),
}

impl Actor {
    /// Kind and id, such as `("client", "app_…")`; system and operator have no id.
    #[must_use]
    pub fn parts(&self) -> (&'static str, Option<String>) {
        match self {
            Self::System => ("system", None),
            Self::Operator => ("operator", None),
            Self::Client(id) => ("client", Some(id.to_string())),
            Self::User(id) => ("user", Some(id.to_string())),
            Self::Admin(id) => ("admin", Some(id.to_string())),
        }
    }
}

/// What it was done to: a kind and an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Such as `user` or `application`.
    pub kind: &'static str,
    /// The id, such as `usr_…`.
    pub id: String,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Success,
    /// Refused by a rule.
    Denied,
    /// Tried and failed.
    Failure,
}

impl Outcome {
    /// The name stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Denied => "denied",
            Self::Failure => "failure",
        }
    }
}

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What happened. The names are stable; new ones come with new features.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind { $($(#[$doc])* $name,)* }

        impl EventKind {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The kind of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
            }
        }
    };
}

event_kinds! {
    /// An organisation was made.
    OrganisationCreated = "organisation.created",
    /// A tenant was made.
    TenantCreated = "tenant.created",
    /// A tenant's settings, URL or state changed.
    TenantUpdated = "tenant.updated",
    /// All tokens of the tenant were revoked.
    TenantTokensRevoked = "tenant.tokens_revoked",
    /// A console administrator was made.
    AdminCreated = "admin.created",
    /// An API audience was registered.
    AudienceCreated = "audience.created",
    /// An application was registered.
    ApplicationCreated = "application.created",
    /// An application changed.
    ApplicationUpdated = "application.updated",
    /// An application was disabled.
    ApplicationDisabled = "application.disabled",
    /// An application was enabled again.
    ApplicationEnabled = "application.enabled",
    /// An application was deleted.
    ApplicationDeleted = "application.deleted",
    /// An application got a new secret.
    SecretRotated = "application.secret_rotated",
    /// All tokens of a client were revoked.
    ClientTokensRevoked = "application.tokens_revoked",
    /// A user was made.
    UserCreated = "user.created",
    /// A user changed.
    UserUpdated = "user.updated",
    /// A user was disabled.
    UserDisabled = "user.disabled",
    /// A user was enabled again.
    UserEnabled = "user.enabled",
    /// A user was deleted.
    UserDeleted = "user.deleted",
    /// All tokens of a user were revoked.
    UserTokensRevoked = "user.tokens_revoked",
    /// A session began.
    SessionCreated = "session.created",
    /// A session was ended.
    SessionRevoked = "session.revoked",
    /// One token was revoked.
    TokenRevoked = "token.revoked",
    /// A signing key was made and published.
    KeyPublished = "key.published",
    /// A key became the one that signs.
    KeyActivated = "key.activated",
    /// A key stopped signing.
    KeyRetired = "key.retired",
    /// A key left the JWKS: its last token is dead.
    KeyRemoved = "key.removed",
    /// A key was withdrawn; its tokens are refused.
    KeyRevoked = "key.revoked",
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Identifier; its order is the order of the log.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub occurred_at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What it was done to.
    pub target: Target,
    /// How it ended.
    pub outcome: Outcome,
    /// The request it was part of, if it was one.
    pub request_id: Option<String>,
    /// More of it, as JSON text; never a secret.
    pub data: String,
}
