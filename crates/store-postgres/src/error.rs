use intelliauth_store::{Constraint, Entity, StoreError};
use tokio_postgres::{Error, error::SqlState};

/// The names of our unique indexes and keys, and what they mean above this line. Any other is a primary key.
const UNIQUE: &[(&str, Constraint)] = &[
    ("organisations_slug", Constraint::OrganisationSlug),
    ("tenants_slug", Constraint::TenantSlug),
    ("tenants_authority", Constraint::TenantIssuer),
    ("users_email", Constraint::UserEmail),
    ("admins_email", Constraint::AdminEmail),
    ("audiences_pkey", Constraint::AudienceId),
    ("signing_keys_pkey", Constraint::KeyId),
    ("signing_keys_one_current", Constraint::KeyId),
    ("signing_keys_one_next", Constraint::KeyId),
    ("single_uses_pkey", Constraint::SingleUse),
];

/// The names of our foreign keys, and what is not there when one is broken. The statements look first; the key
/// decides when the other row goes away in the same moment.
const FOREIGN: &[(&str, Entity)] = &[
    ("tenants_organisation", Entity::Organisation),
    ("client_secrets_application", Entity::Application),
    ("sessions_user", Entity::User),
];

/// Why an attempt failed, and whether another may do better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) error: StoreError,
    /// The cause passes by itself (a lost connection, a deadlock). It says nothing of what was done: whether
    /// trying again is safe, only the caller knows.
    pub(crate) passing: bool,
}

impl Failure {
    /// A verdict, which another attempt would only repeat.
    pub(crate) fn verdict(error: StoreError) -> Self {
        Self { error, passing: false }
    }

    /// Something that may be over in a moment.
    pub(crate) fn passing(reason: impl Into<String>) -> Self {
        Self { error: StoreError::Unavailable(reason.into()), passing: true }
    }
}

/// Reads what the driver gave. PostgreSQL's messages can quote values, so only codes and the names of our own
/// constraints go further.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.as_db_error() {
            Some(refusal) => by_code(refusal.code(), refusal.constraint().unwrap_or_default()),
            None if is_connection(&error) => Self::passing(format!("no connection to the database: {error}")),
            None => Self::verdict(StoreError::Corrupt(error.to_string())),
        }
    }
}

fn is_connection(error: &Error) -> bool {
    let source = std::error::Error::source(error);
    error.is_closed() || source.is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

fn by_code(code: &SqlState, constraint: &str) -> Failure {
    let known = format!("SQLSTATE {}", code.code());
    if *code == SqlState::UNIQUE_VIOLATION {
        let found = UNIQUE.iter().find(|(name, _)| *name == constraint);
        return Failure::verdict(StoreError::Conflict(
            found.map_or(Constraint::PrimaryKey, |(_, constraint)| *constraint),
        ));
    }
    if *code == SqlState::FOREIGN_KEY_VIOLATION
        && let Some((_, entity)) = FOREIGN.iter().find(|(name, _)| *name == constraint)
    {
        return Failure::verdict(StoreError::Stale(*entity));
    }
    if passes(code) {
        return Failure::passing(known);
    }
    // 28: who we are; 53: no disk, no memory; 58: the system below.
    let class = code.code().get(..2).unwrap_or_default();
    if ["28", "53", "58"].contains(&class) || *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        return Failure::verdict(StoreError::Unavailable(known));
    }
    Failure::verdict(StoreError::Corrupt(format!("{known} {constraint}")))
}

/// What is over in a moment: a connection that was cut, a server that starts or stops, a deadlock, a wait that
/// was too long.
fn passes(code: &SqlState) -> bool {
    const PASSING: &[SqlState] = &[
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::TOO_MANY_CONNECTIONS,
    ];
    PASSING.contains(code) || code.code().starts_with("08") || code.code() == IDLE_SESSION_TIMEOUT
}

/// A server may be told to end sessions that do nothing (PostgreSQL 14).
const IDLE_SESSION_TIMEOUT: &str = "57P05";

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str, constraint: &str) -> Failure {
        by_code(&SqlState::from_code(code), constraint)
    }

    #[test]
    fn a_unique_index_has_a_name_and_any_other_key_is_a_primary_key() {
        assert_eq!(of("23505", "users_email").error, StoreError::Conflict(Constraint::UserEmail));
        assert_eq!(of("23505", "events_pkey").error, StoreError::Conflict(Constraint::PrimaryKey));
    }

    #[test]
    fn a_row_that_went_away_meanwhile_is_stale() {
        assert_eq!(of("23503", "sessions_user").error, StoreError::Stale(Entity::User));
        assert!(matches!(of("23503", "other").error, StoreError::Corrupt(_)));
    }

    #[test]
    fn what_passes_is_tried_again_and_what_does_not_is_not() {
        for code in ["40001", "40P01", "55P03", "57014", "57P01", "57P03", "57P05", "08006", "53300"] {
            let failure = of(code, "");
            assert!(failure.passing && matches!(failure.error, StoreError::Unavailable(_)), "{code}");
        }
        for code in ["53100", "25006", "28P01", "58030"] {
            let failure = of(code, "");
            assert!(!failure.passing && matches!(failure.error, StoreError::Unavailable(_)), "{code}");
        }
        for code in ["42P01", "42501", "22021", "23514", "XX000"] {
            assert!(matches!(of(code, "").error, StoreError::Corrupt(_)), "{code}");
        }
    }
}
