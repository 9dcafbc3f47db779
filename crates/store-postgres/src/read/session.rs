use intelliauth_model::{ApplicationId, AssuranceLevel, Session, SessionId, SessionState, TenantId, UserId};
use intelliauth_store::{Page, StoreResult};
use tokio_postgres::Row;

use super::{Columns, Query, before};
use crate::param::params;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, application_id, level, amr, ended_at, created_at, expires_at FROM sessions ",
            $rest
        )
    };
}

pub(crate) fn by_id(tenant: TenantId, id: SessionId) -> Query<Session> {
    const SQL: &str = select!("WHERE tenant_id = $1 AND id = $2");
    Query { sql: SQL, params: params![tenant.to_bytes(), id.to_bytes()], map: session }
}

pub(crate) fn list(tenant: TenantId, user: UserId, page: Page) -> Query<Session> {
    const SQL: &str = select!("WHERE tenant_id = $1 AND user_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4");
    let params = params![tenant.to_bytes(), user.to_bytes(), before(page), page.limit];
    Query { sql: SQL, params, map: session }
}

fn session(row: &Row) -> StoreResult<Session> {
    Ok(Session {
        id: SessionId::from_bytes(row.id("id")?),
        user: UserId::from_bytes(row.id("user_id")?),
        application: ApplicationId::from_bytes(row.id("application_id")?),
        level: row.named("level", AssuranceLevel::from_acr)?,
        amr: row.json("amr")?,
        state: row.moment("ended_at")?.map_or(SessionState::Active, |at| SessionState::Ended { at }),
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}
