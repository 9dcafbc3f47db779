use std::sync::Arc;

use intelliauth_jose::{Jwk, SigningKey, VerifyingKey};
use intelliauth_model::{KeyAlgorithm, KeyState, SigningKeyRecord, TenantId, Timestamp};
use intelliauth_verify::KeySet;
use serde_json::Value;

use super::sealed;
use crate::{Engine, Error, Tenancy};

/// A key parsed once, however often its state changes.
struct Loaded {
    kid: String,
    algorithm: KeyAlgorithm,
    signing: SigningKey,
    verifying: VerifyingKey,
    jwk: Value,
}

struct Slot {
    loaded: Arc<Loaded>,
    state: KeyState,
    created_at: Timestamp,
}

/// A tenant's keys, ready to sign and check.
pub(crate) struct KeyRing {
    slots: Vec<Slot>,
    set: KeySet,
    jwks: Arc<str>,
    etag: Arc<str>,
}

/// The tenant's published keys, oldest first.
#[must_use]
pub fn published(tenancy: &Tenancy) -> Vec<PublishedKey> {
    tenancy.keys().published()
}

/// What an operator sees of a key.
#[derive(Clone, Debug)]
pub struct PublishedKey {
    /// Key id.
    pub kid: String,
    /// What it signs with.
    pub algorithm: KeyAlgorithm,
    /// Where it stands.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
}

impl KeyRing {
    pub(crate) fn load(
        engine: &Engine,
        tenant: TenantId,
        records: Vec<SigningKeyRecord>,
        before: Option<&Self>,
    ) -> Result<Self, Error> {
        let known = |kid: &str| before?.slots.iter().find(|slot| slot.loaded.kid == kid);
        let slots = records
            .into_iter()
            .map(|record| {
                let loaded = match known(&record.kid) {
                    Some(slot) => Arc::clone(&slot.loaded),
                    None => Arc::new(Loaded::open(engine, tenant, &record)?),
                };
                Ok(Slot { loaded, state: record.state, created_at: record.created_at })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let set = KeySet::from_keys(
            slots.iter().map(|slot| (slot.loaded.kid.clone(), slot.loaded.verifying.clone())),
        );
        let keys: Vec<&Value> = slots.iter().map(|slot| &slot.loaded.jwk).collect();
        let jwks: Arc<str> = serde_json::json!({ "keys": keys }).to_string().into();
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, jwks.as_bytes());
        let etag = intelliauth_jose::b64_encode(digest.as_ref().get(..12).unwrap_or_default()).into();
        Ok(Self { slots, set, jwks, etag })
    }

    /// The key that signs with this algorithm.
    pub(crate) fn current(&self, algorithm: KeyAlgorithm) -> Result<(&str, &SigningKey), Error> {
        self.slots
            .iter()
            .find(|slot| slot.loaded.algorithm == algorithm && matches!(slot.state, KeyState::Current { .. }))
            .map(|slot| (slot.loaded.kid.as_str(), &slot.loaded.signing))
            .ok_or_else(|| Error::Internal(format!("the tenant has no {algorithm} key that signs")))
    }

    /// Every published key, for checking the tenant's own tokens.
    pub(crate) const fn set(&self) -> &KeySet {
        &self.set
    }

    /// The JWKS (RFC 7517 §5) as JSON text: next, current and previous keys.
    pub(crate) fn jwks(&self) -> Arc<str> {
        Arc::clone(&self.jwks)
    }

    /// Names this JWKS; changes whenever it does.
    pub(crate) fn etag(&self) -> Arc<str> {
        Arc::clone(&self.etag)
    }

    /// What an operator sees, oldest first.
    pub(crate) fn published(&self) -> Vec<PublishedKey> {
        let show = |slot: &Slot| PublishedKey {
            kid: slot.loaded.kid.clone(),
            algorithm: slot.loaded.algorithm,
            state: slot.state,
            created_at: slot.created_at,
        };
        self.slots.iter().map(show).collect()
    }
}

impl Loaded {
    fn open(engine: &Engine, tenant: TenantId, record: &SigningKeyRecord) -> Result<Self, Error> {
        let broken =
            |error: &dyn std::fmt::Display| Error::Internal(format!("public key {}: {error}", record.kid));
        let signing = sealed::open(engine, tenant, record)?;
        let jwk: Value = serde_json::from_str(&record.public_jwk).map_err(|error| broken(&error))?;
        let verifying =
            Jwk::parse(&jwk).and_then(|jwk| jwk.verifying_key()).map_err(|error| broken(&error))?;
        Ok(Self { kid: record.kid.clone(), algorithm: record.algorithm, signing, verifying, jwk })
    }
}
