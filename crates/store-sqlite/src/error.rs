use intelliauth_store::{Constraint, StoreError};
use rusqlite::{Error, ErrorCode, ffi};

/// What SQLite names in "UNIQUE constraint failed: …", and what it means above this line.
const UNIQUE: &[(&str, Constraint)] = &[
    ("organisations.slug", Constraint::OrganisationSlug),
    ("tenants.organisation_id, tenants.slug", Constraint::TenantSlug),
    ("tenants.authority", Constraint::TenantIssuer),
    ("users.tenant_id, users.email", Constraint::UserEmail),
    ("admins.tenant_id, admins.email", Constraint::AdminEmail),
    ("audiences.tenant_id, audiences.id", Constraint::AudienceId),
    ("signing_keys.tenant_id, signing_keys.kid", Constraint::KeyId),
    ("signing_keys.tenant_id, signing_keys.algorithm", Constraint::KeyId),
    ("single_uses.tenant_id, single_uses.kind, single_uses.hash", Constraint::SingleUse),
];

/// Turns what SQLite said into what the contract says. SQLite's own messages name tables and columns, never
/// values, so they may reach a log.
#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
pub(crate) fn store_error(error: Error) -> StoreError {
    match &error {
        Error::SqliteFailure(failure, message) => {
            failure_error(*failure, message.as_deref().unwrap_or_default())
        }
        _ => StoreError::Corrupt(error.to_string()),
    }
}

fn failure_error(failure: ffi::Error, message: &str) -> StoreError {
    let unique = [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
    match failure.code {
        ErrorCode::ConstraintViolation if unique.contains(&failure.extended_code) => {
            StoreError::Conflict(constraint(message))
        }
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::SystemIoFailure
        | ErrorCode::DiskFull
        | ErrorCode::CannotOpen
        | ErrorCode::PermissionDenied
        | ErrorCode::ReadOnly
        | ErrorCode::OutOfMemory
        | ErrorCode::OperationInterrupted
        | ErrorCode::OperationAborted => StoreError::Unavailable(failure.to_string()),
        _ => StoreError::Corrupt(format!("{failure}: {message}")),
    }
}

fn constraint(message: &str) -> Constraint {
    let columns = message.rsplit_once(": ").map_or(message, |(_, columns)| columns);
    UNIQUE
        .iter()
        .find(|(known, _)| *known == columns)
        .map_or(Constraint::PrimaryKey, |(_, constraint)| *constraint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: i32, message: &str) -> StoreError {
        store_error(Error::SqliteFailure(ffi::Error::new(code), Some(message.to_owned())))
    }

    #[test]
    fn a_full_disk_and_a_busy_file_are_unavailable() {
        for code in [ffi::SQLITE_FULL, ffi::SQLITE_BUSY, ffi::SQLITE_IOERR, ffi::SQLITE_READONLY] {
            assert!(matches!(failure(code, "no"), StoreError::Unavailable(_)), "{code}");
        }
    }

    #[test]
    fn damage_is_not_unavailability() {
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB, ffi::SQLITE_ERROR] {
            assert!(matches!(failure(code, "no"), StoreError::Corrupt(_)), "{code}");
        }
    }

    #[test]
    fn a_unique_index_has_a_name_and_any_other_key_is_a_primary_key() {
        let unique = ffi::SQLITE_CONSTRAINT_UNIQUE;
        assert_eq!(
            failure(unique, "UNIQUE constraint failed: users.tenant_id, users.email"),
            StoreError::Conflict(Constraint::UserEmail)
        );
        assert_eq!(
            failure(
                ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
                "UNIQUE constraint failed: events.tenant_id, events.id"
            ),
            StoreError::Conflict(Constraint::PrimaryKey)
        );
    }
}
