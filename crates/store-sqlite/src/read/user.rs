use intelliauth_model::{Email, PasswordHash, TenantId, User, UserId, UserState, Version};
use intelliauth_store::{Page, StoreResult, UserFilter};
use rusqlite::{Connection, Row, params};

use super::{Columns, before, many, one};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, email_verified, profile, password_hash, password_must_be_reset, ",
            "disabled_at, version, created_at, updated_at FROM users ",
            $rest
        )
    };
}

pub(crate) fn by_id(connection: &Connection, tenant: TenantId, id: UserId) -> StoreResult<Option<User>> {
    const SQL: &str = select!("WHERE tenant_id = ?1 AND id = ?2");
    one(connection, SQL, [tenant.to_bytes(), id.to_bytes()], user)
}

pub(crate) fn by_email(
    connection: &Connection,
    tenant: TenantId,
    email: &Email,
) -> StoreResult<Option<User>> {
    const SQL: &str = select!("WHERE tenant_id = ?1 AND email = ?2");
    one(connection, SQL, params![tenant.to_bytes(), email.as_str()], user)
}

pub(crate) fn list(
    connection: &Connection,
    tenant: TenantId,
    filter: &UserFilter,
    page: Page,
) -> StoreResult<Vec<User>> {
    // Addresses are compared by their bytes, so those with a prefix are one stretch of the index. The index
    // is named because the order by id would otherwise lure the planner into reading every user.
    const ALL: &str = select!("WHERE tenant_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3");
    const FROM: &str = select!(
        "INDEXED BY users_email WHERE tenant_id = ?1 AND id < ?2 AND email >= ?4 ORDER BY id DESC LIMIT ?3"
    );
    const BETWEEN: &str = select!(
        "INDEXED BY users_email WHERE tenant_id = ?1 AND id < ?2 AND email >= ?4 AND email < ?5
         ORDER BY id DESC LIMIT ?3"
    );
    let (tenant, before, limit) = (tenant.to_bytes(), before(&page), page.limit);
    match filter.email_prefix.as_deref().filter(|prefix| !prefix.is_empty()) {
        None => many(connection, ALL, params![tenant, before, limit], user),
        Some(prefix) => match UserFilter::end_of_prefix(prefix) {
            None => many(connection, FROM, params![tenant, before, limit, prefix], user),
            Some(end) => many(connection, BETWEEN, params![tenant, before, limit, prefix, end], user),
        },
    }
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: UserId::from_bytes(row.get("id")?),
        email: row.parsed("email")?,
        email_verified: row.get("email_verified")?,
        profile: row.json("profile")?,
        password_hash: row.get::<_, Option<String>>("password_hash")?.map(PasswordHash),
        password_must_be_reset: row.get("password_must_be_reset")?,
        state: row.moment("disabled_at")?.map_or(UserState::Active, |since| UserState::Disabled { since }),
        version: Version(row.get("version")?),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
