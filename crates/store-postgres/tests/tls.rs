//! TLS to the server: encrypted, and only to one that proves its name.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use intelliauth_store::Store;
use intelliauth_store_postgres::{OpenError, Options, PostgresStore, fixture::Server};

#[tokio::test]
async fn only_a_server_that_proves_its_name_is_spoken_to() {
    let server = Server::with_tls().await;
    let database = server.database().await;
    let url = server.tls_url(&database);
    let options = Options { migrate: false, ..Options::default() };
    let store = PostgresStore::connect(&url, options).await.unwrap();
    store.ping().await.unwrap();
    let sessions = "SELECT bool_and(ssl), min(version) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE datname = current_database() AND usename = 'intelliauth_app'";
    let row = database.meddler().await.query_one(sessions, &[]).await.unwrap();
    assert!(row.get::<_, bool>(0));
    assert_eq!(row.get::<_, String>(1), "TLSv1.3");

    let (place, _) = url.split_once('?').unwrap();
    let strangers = [
        // Nobody of the system's authorities knows this one.
        format!("{place}?sslmode=verify-full"),
        // The certificate is for the address, not for this name.
        url.replace("127.0.0.1", "localhost"),
        // The server wants TLS, and is not asked.
        format!("{place}?sslmode=disable"),
    ];
    for stranger in strangers {
        let refusal = PostgresStore::connect(&stranger, options).await.unwrap_err();
        let known = matches!(refusal, OpenError::Unreachable(_) | OpenError::Certificates(_));
        assert!(known, "{stranger}: {refusal}");
        assert!(!format!("{refusal:?}").contains("throw-away"), "{refusal}");
    }
    let wrong = url.replace("throw-away", "guessed");
    let refusal = PostgresStore::connect(&wrong, options).await.unwrap_err();
    assert!(matches!(&refusal, OpenError::Unreachable(why) if why.contains("28P01")), "{refusal}");
}
