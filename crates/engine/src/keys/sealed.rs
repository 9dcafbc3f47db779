use intelliauth_jose::{Algorithm, SigningKey};
use intelliauth_model::{KeyAlgorithm, KeyState, SigningKeyRecord, TenantId, Timestamp};

use crate::{Engine, Error};

/// The algorithms every tenant has keys for, so that choosing another one for an application takes effect
/// at once and still with a key that has been published.
pub(super) const OFFERED: [KeyAlgorithm; 3] = [KeyAlgorithm::RS256, KeyAlgorithm::ES256, KeyAlgorithm::EdDSA];

pub(super) const fn jose_algorithm(algorithm: KeyAlgorithm) -> Algorithm {
    match algorithm {
        KeyAlgorithm::RS256 => Algorithm::Rs256,
        KeyAlgorithm::ES256 => Algorithm::Es256,
        KeyAlgorithm::EdDSA => Algorithm::EdDsa,
    }
}

/// What a sealed key is bound to: a row moved to another tenant or name cannot be opened.
fn context(tenant: TenantId, kid: &str) -> String {
    format!("{tenant}/signing-key/{kid}")
}

/// Makes a key of this algorithm and seals it. Finding RSA primes takes long, so it is done off the async
/// threads, and the key's state begins when it has been made: before, nobody could know it.
pub(super) async fn make(
    engine: &Engine,
    tenant: TenantId,
    algorithm: KeyAlgorithm,
    state: impl FnOnce(Timestamp) -> KeyState,
) -> Result<SigningKeyRecord, Error> {
    let broken = |error: &dyn std::fmt::Display| Error::Internal(format!("signing key: {error}"));
    let made = tokio::task::spawn_blocking(move || SigningKey::generate(jose_algorithm(algorithm))).await;
    let key = made.map_err(|error| broken(&error))?.map_err(|error| broken(&error))?;
    let jwk = key.public_jwk();
    let kid = jwk.thumbprint();
    let pkcs8 = key.to_pkcs8().map_err(|error| broken(&error))?;
    let sealed_private =
        engine.vault().seal(&context(tenant, &kid), &pkcs8, engine.rng()).map_err(|error| broken(&error))?;
    let public_jwk = jwk.to_value().to_string();
    let created_at = engine.now();
    Ok(SigningKeyRecord { kid, algorithm, state: state(created_at), sealed_private, public_jwk, created_at })
}

/// A key that is published to sign next, from this moment on.
pub(super) const fn next(published_at: Timestamp) -> KeyState {
    KeyState::Next { published_at }
}

/// Opens a sealed key.
pub(super) fn open(
    engine: &Engine,
    tenant: TenantId,
    record: &SigningKeyRecord,
) -> Result<SigningKey, Error> {
    let broken =
        |error: &dyn std::fmt::Display| Error::Internal(format!("signing key {}: {error}", record.kid));
    let pkcs8 = engine
        .vault()
        .open(&context(tenant, &record.kid), &record.sealed_private)
        .map_err(|error| broken(&error))?;
    SigningKey::from_pkcs8(jose_algorithm(record.algorithm), &pkcs8).map_err(|error| broken(&error))
}

/// The keys a new tenant begins with: for each algorithm one that signs and one published to sign next.
pub(crate) async fn first_keys(engine: &Engine, tenant: TenantId) -> Result<Vec<SigningKeyRecord>, Error> {
    let mut keys = Vec::new();
    for algorithm in OFFERED {
        keys.push(make(engine, tenant, algorithm, |since| KeyState::Current { since }).await?);
        keys.push(make(engine, tenant, algorithm, next).await?);
    }
    Ok(keys)
}
