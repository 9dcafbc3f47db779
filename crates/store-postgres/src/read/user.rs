use intelliauth_model::{Email, PasswordHash, TenantId, User, UserId, UserState, Version};
use intelliauth_store::{Page, StoreResult, UserFilter};
use tokio_postgres::Row;

use super::{Columns, Query, before};
use crate::param::params;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, email_verified, profile, password_hash, password_must_be_reset, ",
            "disabled_at, version, created_at, updated_at FROM users ",
            $rest
        )
    };
}

pub(crate) fn by_id(tenant: TenantId, id: UserId) -> Query<User> {
    const SQL: &str = select!("WHERE tenant_id = $1 AND id = $2");
    Query { sql: SQL, params: params![tenant.to_bytes(), id.to_bytes()], map: user }
}

pub(crate) fn by_email(tenant: TenantId, email: &Email) -> Query<User> {
    const SQL: &str = select!("WHERE tenant_id = $1 AND email = $2");
    Query { sql: SQL, params: params![tenant.to_bytes(), email.as_str()], map: user }
}

pub(crate) fn list(tenant: TenantId, filter: &UserFilter, page: Page) -> Query<User> {
    // Addresses are compared by their bytes (COLLATE "C"), so those with a prefix are one stretch of the index.
    const ALL: &str = select!("WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    const FROM: &str = select!("WHERE tenant_id = $1 AND id < $2 AND email >= $4 ORDER BY id DESC LIMIT $3");
    const BETWEEN: &str =
        select!("WHERE tenant_id = $1 AND id < $2 AND email >= $4 AND email < $5 ORDER BY id DESC LIMIT $3");
    let mut params = params![tenant.to_bytes(), before(page), page.limit];
    let sql = match filter.email_prefix.as_deref().filter(|prefix| !prefix.is_empty()) {
        None => ALL,
        Some(prefix) => {
            let end = UserFilter::end_of_prefix(prefix);
            let sql = if end.is_some() { BETWEEN } else { FROM };
            params.push(prefix.into());
            params.extend(end.map(Into::into));
            sql
        }
    };
    Query { sql, params, map: user }
}

fn user(row: &Row) -> StoreResult<User> {
    Ok(User {
        id: UserId::from_bytes(row.id("id")?),
        email: row.parsed("email")?,
        email_verified: row.value("email_verified")?,
        profile: row.json("profile")?,
        password_hash: row.value::<Option<String>>("password_hash")?.map(PasswordHash),
        password_must_be_reset: row.value("password_must_be_reset")?,
        state: row.moment("disabled_at")?.map_or(UserState::Active, |since| UserState::Disabled { since }),
        version: Version(row.value("version")?),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
