//! What `Debug` shows, since `Debug` is what logs print.

use intelliauth_engine::{
    applications,
    oauth::{self, WantedToken},
};
use intelliauth_model::ApplicationKind;

use crate::support::{API, Process, credentials};

#[tokio::test]
async fn no_secret_is_printed() {
    let process = Process::new().await;
    let tenancy = process.tenancy().await;
    let user = process.user("ada.lovelace@example.com").await;
    let created = process.application(ApplicationKind::M2m).await;
    let id = created.application.id;
    let rotated = applications::rotate_secret(&tenancy, &process.operator(), id, false, None).await.unwrap();
    let spa = process.application(ApplicationKind::Spa).await.application.id;
    let email = user.email.clone();
    let wanted = WantedToken { email, application: spa, audience: API.to_owned(), scope: None };
    let token =
        oauth::development_token(&process.tenancy().await, &process.operator(), wanted).await.unwrap();
    let secrets = process.engine.store().scoped(process.tenant).client_secrets(id).await.unwrap();
    let shown = format!(
        "{created:?} {rotated:?} {token:?} {user:?} {secrets:?} {:?} {:#?}",
        credentials(&created),
        process.operator()
    );
    let known = [
        created.secret.as_ref().unwrap().expose(),
        rotated.secret.as_ref().unwrap().expose(),
        token.tokens.access_token.expose(),
        user.password_hash.as_ref().unwrap().0.as_str(),
        "correct horse",
        "$argon2",
        "ias_",
        "eyJ",
        "lovelace",
    ];
    for secret in known {
        assert!(!shown.contains(secret), "{secret:.8}… is printed: {shown}");
    }
    // Two secrets of one client are two secrets.
    assert_eq!(secrets.len(), 2);
    let bytes = format!("{:?}", secrets[0].hash);
    assert!(!shown.contains(&bytes));
}

/// A key record's `Debug` is not a way to carry the sealed key into a log.
#[tokio::test]
async fn bug_sealed_keys_were_printed() {
    let process = Process::new().await;
    let keys = process.engine.store().scoped(process.tenant).keys().await.unwrap();
    let shown = format!("{keys:?}");
    assert!(shown.contains(&keys[0].kid));
    let bytes = format!("{:?}", &keys[0].sealed_private[..8]);
    assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{shown:.300}");
}
