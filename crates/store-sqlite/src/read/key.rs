use intelliauth_model::{KeyState, SigningKeyRecord, TenantId};
use intelliauth_store::StoreResult;
use rusqlite::{Connection, Row};

use super::{Columns, many, unreadable};

pub(crate) fn list(connection: &Connection, tenant: TenantId) -> StoreResult<Vec<SigningKeyRecord>> {
    const SQL: &str = "SELECT kid, algorithm, state, state_since, state_until, sealed_private, public_jwk,
         created_at FROM signing_keys WHERE tenant_id = ?1 ORDER BY created_at, kid";
    many(connection, SQL, [tenant.to_bytes()], key)
}

fn key(row: &Row<'_>) -> rusqlite::Result<SigningKeyRecord> {
    let since = row.time("state_since")?;
    let state = match (row.get_ref("state")?.as_str()?, row.moment("state_until")?) {
        ("next", None) => KeyState::Next { published_at: since },
        ("current", None) => KeyState::Current { since },
        ("previous", Some(until)) => KeyState::Previous { since, until },
        _ => return Err(unreadable("state")),
    };
    Ok(SigningKeyRecord {
        kid: row.get("kid")?,
        algorithm: row.parsed("algorithm")?,
        state,
        sealed_private: row.get("sealed_private")?,
        public_jwk: row.get("public_jwk")?,
        created_at: row.time("created_at")?,
    })
}
