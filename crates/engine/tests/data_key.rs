//! The data key: with another one nothing opens, and what is said about it is clear.

use intelliauth_engine::{DataKey, Error, VaultError, applications, tenants};
use intelliauth_model::{ApplicationKind, IdempotencyKey};

use crate::support::Process;

#[tokio::test]
async fn another_data_key_opens_nothing_and_says_so() {
    let process = Process::new().await;
    let stranger = process.with_data_key(8);
    let error = tenants::open(&stranger.engine, process.tenant).await.err().expect("a refusal");
    let Error::Internal(why) = error else { panic!("{error:?} is not our fault") };
    assert!(why.contains("signing key") && why.contains("another data key"), "{why}");
    // Making things with the wrong key is no way around.
    assert!(tenants::resolve(&stranger.engine, "localhost:8480").await.is_err());
}

#[test]
fn a_data_key_has_32_bytes() {
    for length in [0, 16, 31, 33, 64] {
        assert_eq!(DataKey::from_bytes(&vec![1; length]).err(), Some(VaultError::BadKey), "{length}");
    }
}

/// What lies in the store of an idempotent request whose body holds a password is no fast hash of it:
/// whoever stole the database could try passwords at the speed of SHA-256 and pass Argon2 by.
#[tokio::test]
async fn bug_a_bare_hash_of_the_request_was_stored() {
    use intelliauth_engine::{Idempotent, oauth, users, users::NewUser};
    use intelliauth_model::{RequestId, Secret};

    let process = Process::new().await;
    let client = process.application(ApplicationKind::M2m).await;
    let id = client.application.id;
    let change = applications::ApplicationChange {
        allowed_scopes: Some("users:write".parse().unwrap()),
        audiences: Some(vec!["http://localhost:8480/api".parse().unwrap()]),
        ..Default::default()
    };
    applications::update(&process.tenancy().await, &process.operator(), id, change).await.unwrap();
    let token = Secret::new(process.token(&client).await.unwrap());
    let tenancy = process.tenancy().await;
    let request_id = RequestId::new(process.engine.clock(), process.engine.rng());
    let caller = oauth::authenticate_caller(&tenancy, &token, request_id).await.unwrap();
    let key: IdempotencyKey = "k1".parse().unwrap();
    let body = br#"{"email":"ada@example.com","password":"correct horse"}"#;
    let new = NewUser {
        email: "ada@example.com".parse().unwrap(),
        email_verified: false,
        profile: intelliauth_model::Profile::default(),
        password: Some(Secret::new("correct horse".to_owned())),
        password_must_be_reset: false,
    };
    let idempotent = Idempotent::new(key.clone(), "POST", "/api/v1/users", body);
    users::create(&tenancy, &caller, new, Some(&idempotent)).await.unwrap();
    let store = process.engine.store().scoped(process.tenant);
    let stored = store.idempotency(id, &key).await.unwrap().expect("a record").fingerprint;
    let said = [b"POST\n/api/v1/users\n", &body[..]].concat();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &said);
    assert_ne!(&stored[..], digest.as_ref());
    let shown = format!("{idempotent:?}");
    assert!(shown.contains("k1") && !shown.contains(", 1"), "{shown}");
}
