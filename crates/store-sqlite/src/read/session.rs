use intelliauth_model::{ApplicationId, AssuranceLevel, Session, SessionId, SessionState, TenantId, UserId};
use intelliauth_store::{Page, StoreResult};
use rusqlite::{Connection, Row, params};

use super::{Columns, before, many, one};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, application_id, level, amr, ended_at, created_at, expires_at FROM sessions ",
            $rest
        )
    };
}

pub(crate) fn by_id(
    connection: &Connection,
    tenant: TenantId,
    id: SessionId,
) -> StoreResult<Option<Session>> {
    const SQL: &str = select!("WHERE tenant_id = ?1 AND id = ?2");
    one(connection, SQL, [tenant.to_bytes(), id.to_bytes()], session)
}

pub(crate) fn list(
    connection: &Connection,
    tenant: TenantId,
    user: UserId,
    page: Page,
) -> StoreResult<Vec<Session>> {
    const SQL: &str = select!("WHERE tenant_id = ?1 AND user_id = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4");
    many(connection, SQL, params![tenant.to_bytes(), user.to_bytes(), before(&page), page.limit], session)
}

fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId::from_bytes(row.get("id")?),
        user: UserId::from_bytes(row.get("user_id")?),
        application: ApplicationId::from_bytes(row.get("application_id")?),
        level: row.named("level", AssuranceLevel::from_acr)?,
        amr: row.json("amr")?,
        state: row.moment("ended_at")?.map_or(SessionState::Active, |at| SessionState::Ended { at }),
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}
