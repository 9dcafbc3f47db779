use tokio_postgres::{Client, Error};

use crate::{OpenError, Options, endpoint::Endpoint};

/// The oldest server whose SQL is understood: 13 brought `gen_random_uuid`.
const OLDEST_VERSION: i64 = 130_000;

/// Opens a connection of its own, to a server that will do.
pub(super) async fn open(endpoint: &Endpoint, options: &Options) -> Result<Client, OpenError> {
    let connecting = endpoint.config.connect(endpoint.tls.clone());
    let (client, connection) = tokio::time::timeout(options.patience, connecting)
        .await
        .map_err(|_| OpenError::Unreachable("it does not answer in time".to_owned()))?
        .map_err(|error| OpenError::Unreachable(describe(&error)))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the connection that looked after the schema has ended");
        }
    });
    check_server(&client).await?;
    Ok(client)
}

/// Whether the server keeps what it is given, and whether the second fence holds for us.
async fn check_server(client: &Client) -> Result<(), OpenError> {
    const ASK: &str = "SELECT current_setting('server_version_num')::bigint,
             current_setting('server_encoding'), current_schema() IS NOT NULL,
             coalesce((SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user), false)";
    let row = client.query_typed_one(ASK, &[]).await.map_err(|error| refused(&error))?;
    let read = || -> Result<(i64, String, bool, bool), Error> {
        Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?))
    };
    let (version, encoding, schema, unbound) = read().map_err(|error| refused(&error))?;
    let unsuitable = |reason: String| Err(OpenError::Unsuitable(reason));
    if version < OLDEST_VERSION {
        return unsuitable(format!("the server is version {}, at least 13 is needed", version / 10_000));
    }
    if encoding != "UTF8" {
        return unsuitable(format!("its encoding is {encoding}; make it with ENCODING 'UTF8'"));
    }
    if !schema {
        return unsuitable("the role's search_path names no schema that it may use".to_owned());
    }
    if unbound {
        tracing::warn!(
            "the database role is a superuser or bypasses row-level security, so the second fence between \
             tenants does not hold; connect as an ordinary role"
        );
    }
    Ok(())
}

/// What a statement about the schema failed of.
pub(super) fn refused(error: &Error) -> OpenError {
    OpenError::Migration(describe(error))
}

/// Connecting and migrating touch nobody's data, so here the server's own words may be repeated.
fn describe(error: &Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(refusal), _) => format!("{} (SQLSTATE {})", refusal.message(), refusal.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}
