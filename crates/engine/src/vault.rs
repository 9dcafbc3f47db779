//! Secrets at rest. One data key, from which a key per purpose is derived, so that nothing made for one
//! purpose can be used for another (the class of attack B).

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    constant_time, hkdf, hmac,
};
use intelliauth_model::Rng;
use zeroize::Zeroizing;

/// The 256-bit key everything at rest hangs on. It is not in the database.
pub struct DataKey(Zeroizing<[u8; 32]>);

/// Why something sealed could not be opened, or nothing could be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The key is not 32 bytes.
    #[error("a data key is 32 bytes")]
    BadKey,
    /// The sealed bytes were made with another data key, for another purpose, or were changed.
    #[error("sealed with another data key, or damaged")]
    Unopenable,
}

impl DataKey {
    /// Takes 32 bytes as the data key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let mut key = Zeroizing::new([0_u8; 32]);
        if bytes.len() != key.len() {
            return Err(VaultError::BadKey);
        }
        key.copy_from_slice(bytes);
        Ok(Self(key))
    }
}

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// Seals, hashes and authenticates with keys derived from the data key.
pub struct Vault {
    seal: LessSafeKey,
    secrets: hmac::Key,
    cursors: hmac::Key,
    requests: hmac::Key,
}

struct Bytes32;
impl hkdf::KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

fn derive(key: &DataKey, purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"intelliauth/data-key/1").extract(&key.0[..]);
    let mut out = Zeroizing::new([0_u8; 32]);
    prk.expand(&[purpose], Bytes32).and_then(|okm| okm.fill(&mut out[..])).map_err(|_| VaultError::BadKey)?;
    Ok(out)
}

impl Vault {
    /// Derives the keys (HKDF-SHA-256, RFC 5869).
    pub fn new(key: &DataKey) -> Result<Self, VaultError> {
        let seal = derive(key, b"seal")?;
        Ok(Self {
            seal: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &seal[..]).map_err(|_| VaultError::BadKey)?),
            secrets: hmac::Key::new(hmac::HMAC_SHA256, &derive(key, b"client-secret")?[..]),
            cursors: hmac::Key::new(hmac::HMAC_SHA256, &derive(key, b"cursor")?[..]),
            requests: hmac::Key::new(hmac::HMAC_SHA256, &derive(key, b"request")?[..]),
        })
    }

    /// Encrypts `plain` (AES-256-GCM) bound to `context`, which must be given again to open it.
    pub fn seal(&self, context: &str, plain: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0_u8; NONCE];
        rng.fill(&mut nonce);
        let mut body = Zeroizing::new(plain.to_vec());
        self.seal
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.as_bytes()),
                &mut *body,
            )
            .map_err(|_| VaultError::Unopenable)?;
        let mut sealed = Vec::with_capacity(1 + NONCE + body.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Decrypts what [`Vault::seal`] made with the same context.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (version, rest) = sealed.split_first().ok_or(VaultError::Unopenable)?;
        let (nonce, body) = rest.split_at_checked(NONCE).ok_or(VaultError::Unopenable)?;
        if *version != VERSION {
            return Err(VaultError::Unopenable);
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Unopenable)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .seal
            .open_in_place(nonce, Aad::from(context.as_bytes()), &mut body)
            .map_err(|_| VaultError::Unopenable)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// The hash a client secret is stored and compared as.
    #[must_use]
    pub fn secret_hash(&self, secret: &str) -> [u8; 32] {
        tag(&self.secrets, secret.as_bytes())
    }

    /// What an idempotent request is recognised by: worthless without the data key.
    #[must_use]
    pub(crate) fn request_fingerprint(&self, digest: &[u8]) -> [u8; 32] {
        tag(&self.requests, digest)
    }

    /// Authenticates a list cursor.
    #[must_use]
    pub(crate) fn cursor_tag(&self, bytes: &[u8]) -> [u8; 32] {
        tag(&self.cursors, bytes)
    }
}

fn tag(key: &hmac::Key, bytes: &[u8]) -> [u8; 32] {
    let mut out = [0_u8; 32];
    out.copy_from_slice(hmac::sign(key, bytes).as_ref());
    out
}

/// Compares two hashes in constant time.
#[must_use]
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Seven;
    impl Rng for Seven {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    fn vault(byte: u8) -> Vault {
        Vault::new(&DataKey::from_bytes(&[byte; 32]).unwrap()).unwrap()
    }

    #[test]
    fn opens_only_with_the_same_key_and_context() {
        let sealed = vault(1).seal("tnt_a/key/1", b"private", &Seven).unwrap();
        assert_eq!(&vault(1).open("tnt_a/key/1", &sealed).unwrap()[..], b"private");
        assert!(vault(1).open("tnt_b/key/1", &sealed).is_err());
        assert!(vault(2).open("tnt_a/key/1", &sealed).is_err());
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let sealed = vault(1).seal("c", b"private", &Seven).unwrap();
        for index in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[index] ^= 1;
            assert!(vault(1).open("c", &bad).is_err(), "byte {index}");
        }
        assert!(vault(1).open("c", &[]).is_err());
        assert!(vault(1).open("c", &sealed[..10]).is_err());
    }

    #[test]
    fn purposes_do_not_mix() {
        assert_ne!(vault(1).secret_hash("x"), vault(1).cursor_tag(b"x"));
        assert_ne!(vault(1).secret_hash("x"), vault(2).secret_hash("x"));
    }
}
