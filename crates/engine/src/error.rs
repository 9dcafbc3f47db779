use intelliauth_store::{Constraint, Entity, StoreError};

/// A field of a request and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The field's name as the caller knows it.
    pub name: &'static str,
    /// What is wrong, in a sentence without the value.
    pub problem: String,
}

/// Why a use case did not do what it was asked. The caller's faults come first, ours last; the two are
/// never confused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The request says something it cannot mean.
    #[error("the request is not valid")]
    Invalid(Vec<Field>),
    /// A uniqueness rule stands against it.
    #[error("{message}")]
    Conflict {
        /// Stable code such as `email_taken`.
        code: &'static str,
        /// A sentence for people.
        message: &'static str,
    },
    /// Somebody changed it in the meantime; reading it again and retrying may help.
    #[error("it was changed by somebody else in the meantime")]
    Stale,
    /// The idempotency key was used for another request.
    #[error("this idempotency key was used for a different request")]
    IdempotencyMismatch,
    /// No credentials, or credentials that do not hold. The code is one of the verifier's.
    #[error("the access token is not accepted")]
    Unauthenticated {
        /// Stable code such as `token_expired`.
        code: &'static str,
    },
    /// The caller is known and lacks a scope (RFC 6750 §3.1).
    #[error("the scope {0} is needed")]
    InsufficientScope(&'static str),
    /// The caller is known and may not do this, whatever its scopes.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The state of things stands against it.
    #[error("{message}")]
    Refused {
        /// Stable code such as `key_not_yet_published`.
        code: &'static str,
        /// A sentence for people.
        message: String,
    },
    /// Something we need cannot be reached; trying later may help.
    #[error("temporarily unavailable: {0}")]
    Unavailable(String),
    /// Our fault.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// One field is wrong.
    #[must_use]
    pub fn invalid(name: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid(vec![Field { name, problem: problem.into() }])
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Invalid(_) => "invalid_request",
            Self::Conflict { code, .. } | Self::Unauthenticated { code } | Self::Refused { code, .. } => code,
            Self::Stale => "conflict",
            Self::IdempotencyMismatch => "idempotency_key_reused",
            Self::InsufficientScope(_) => "insufficient_scope",
            Self::Forbidden(_) => "forbidden",
            Self::Unavailable(_) => "temporarily_unavailable",
            Self::Internal(_) => "internal_error",
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(constraint) => conflict(constraint),
            StoreError::Stale(entity) => stale(entity),
            StoreError::Unavailable(why) => Self::Unavailable(why),
            StoreError::Corrupt(why) => Self::Internal(why),
        }
    }
}

fn conflict(constraint: Constraint) -> Error {
    let (code, message) = match constraint {
        Constraint::OrganisationSlug => ("slug_taken", "an organisation with this slug exists"),
        Constraint::TenantSlug => ("slug_taken", "a tenant with this slug exists in the organisation"),
        Constraint::TenantIssuer => ("issuer_taken", "a tenant with this URL exists"),
        Constraint::UserEmail => ("email_taken", "a user with this e-mail address exists"),
        Constraint::AdminEmail => ("email_taken", "an administrator with this e-mail address exists"),
        Constraint::AudienceId => ("audience_taken", "this audience exists"),
        Constraint::KeyId => ("key_conflict", "another rotation took place at the same time"),
        Constraint::IdempotencyKey => {
            ("idempotency_key_in_use", "a request with this idempotency key was just served")
        }
        Constraint::SingleUse | Constraint::PrimaryKey => {
            return Error::Internal(format!("{constraint:?} drawn twice"));
        }
    };
    Error::Conflict { code, message }
}

fn stale(entity: Entity) -> Error {
    match entity {
        Entity::Organisation => Error::NotFound("organisation"),
        Entity::SingleUse => Error::Internal("a spent secret reached a caller unseen".to_owned()),
        Entity::Tenant
        | Entity::User
        | Entity::Application
        | Entity::ClientSecret
        | Entity::Audience
        | Entity::Session
        | Entity::Key
        | Entity::Job => Error::Stale,
    }
}
