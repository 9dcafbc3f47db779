use tokio_postgres::Client;

use super::session::refused;
use crate::{
    OpenError,
    param::{Id, Param},
    pipeline,
};

/// The right to change the schema. It ends by itself, by the server's clock, if its node dies; and since each
/// migration renews it inside its own transaction, a node that lost it changes nothing any more.
pub(super) struct Lease {
    /// Drawn by the server.
    holder: [u8; 16],
}

/// Whether a node is changing the schema now.
pub(super) async fn is_held(client: &Client) -> Result<bool, OpenError> {
    // Through the catalogue, since before the first migration there is no such table.
    const THERE: &str = "SELECT to_regclass('schema_lock') IS NOT NULL";
    const HELD: &str = "SELECT coalesce(bool_or(expires_at > clock_timestamp()), false) FROM schema_lock";
    let ask = async |sql| client.query_typed_one(sql, &[]).await?.try_get(0);
    let there: bool = ask(THERE).await.map_err(|error| refused(&error))?;
    if !there {
        return Ok(false);
    }
    ask(HELD).await.map_err(|error| refused(&error))
}

impl Lease {
    /// Takes the lease if it is free.
    pub(super) async fn take(client: &Client) -> Result<Option<Self>, OpenError> {
        const TAKE: &str = "UPDATE schema_lock
             SET holder = gen_random_uuid(), expires_at = clock_timestamp() + interval '60 seconds'
             WHERE id = 1 AND (holder IS NULL OR expires_at < clock_timestamp()) RETURNING holder";
        let rows = client.query_typed(TAKE, &[]).await.map_err(|error| refused(&error))?;
        let Some(row) = rows.first() else { return Ok(None) };
        let holder: Id = row.try_get(0).map_err(|error| refused(&error))?;
        Ok(Some(Self { holder: holder.0 }))
    }

    /// Lengthens the lease, and keeps its row locked until the transaction ends.
    pub(super) async fn renew(&self, client: &Client) -> Result<(), OpenError> {
        const RENEW: &str = "UPDATE schema_lock SET expires_at = clock_timestamp() + interval '60 seconds'
             WHERE id = 1 AND holder = $1";
        match pipeline::change(client, RENEW, &self.params()).await {
            Ok(answer) if answer.changed == 1 => Ok(()),
            Ok(_) => Err(OpenError::Migration("another node has taken over".to_owned())),
            Err(error) => Err(refused(&error)),
        }
    }

    /// Lets the next one have it at once. If that fails, it ends by itself.
    pub(super) async fn give_back(self, client: &Client) {
        const FREE: &str =
            "UPDATE schema_lock SET holder = NULL, expires_at = NULL WHERE id = 1 AND holder = $1";
        if let Err(error) = pipeline::change(client, FREE, &self.params()).await {
            tracing::warn!(%error, "the right to migrate ends by itself in a minute");
        }
    }

    fn params(&self) -> [Param; 1] {
        [self.holder.into()]
    }
}
