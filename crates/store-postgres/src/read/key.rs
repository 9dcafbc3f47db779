use intelliauth_model::{KeyState, SigningKeyRecord, TenantId};
use intelliauth_store::StoreResult;
use tokio_postgres::Row;

use super::{Columns, Query, unreadable};
use crate::param::params;

pub(crate) fn list(tenant: TenantId) -> Query<SigningKeyRecord> {
    const SQL: &str = "SELECT kid, algorithm, state, state_since, state_until, sealed_private, public_jwk,
         created_at FROM signing_keys WHERE tenant_id = $1 ORDER BY created_at, kid";
    Query { sql: SQL, params: params![tenant.to_bytes()], map: key }
}

fn key(row: &Row) -> StoreResult<SigningKeyRecord> {
    let since = row.time("state_since")?;
    let state = match (row.value("state")?, row.moment("state_until")?) {
        ("next", None) => KeyState::Next { published_at: since },
        ("current", None) => KeyState::Current { since },
        ("previous", Some(until)) => KeyState::Previous { since, until },
        _ => return Err(unreadable("state")),
    };
    Ok(SigningKeyRecord {
        kid: row.value("kid")?,
        algorithm: row.parsed("algorithm")?,
        state,
        sealed_private: row.value("sealed_private")?,
        public_jwk: row.value("public_jwk")?,
        created_at: row.time("created_at")?,
    })
}
