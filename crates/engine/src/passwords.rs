use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc};
use intelliauth_model::{PasswordHash, Rng, Secret};
use tokio::sync::Semaphore;

use crate::Error;

/// The longest password taken, in bytes. A limit is needed so that hashing cannot be used to burn the server.
const MAX_BYTES: usize = 512;
/// The shortest password taken, in characters (NIST SP 800-63B §3.1.1.2 asks for at least 8).
const MIN_CHARACTERS: usize = 8;

/// How many hashes may wait for their turn. Whoever comes then is told at once to come later: a queue
/// without end holds every request of a flood, and serves each after its sender has gone.
const MOST_WAITING: usize = 64;

/// How dear one Argon2id hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// How many hashes may run at once; this bounds memory too.
    pub at_once: usize,
}

impl Default for PasswordCost {
    /// OWASP's first recommendation: 19 MiB, two passes; two at once.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, at_once: 2 }
    }
}

/// Hashes and checks passwords with Argon2id, a bounded number at once, off the async threads.
#[derive(Clone)]
pub struct Passwords {
    params: Params,
    /// For those who run and those who wait.
    places: Arc<Semaphore>,
    /// For those who run.
    permits: Arc<Semaphore>,
}

impl Passwords {
    /// A hasher of this cost.
    pub fn new(cost: PasswordCost) -> Result<Self, Error> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None)
            .map_err(|error| Error::Internal(format!("password cost: {error}")))?;
        let at_once = cost.at_once.clamp(1, Semaphore::MAX_PERMITS - MOST_WAITING);
        let places = Arc::new(Semaphore::new(at_once + MOST_WAITING));
        Ok(Self { params, places, permits: Arc::new(Semaphore::new(at_once)) })
    }

    /// Whether `password` is one we take: 8 characters to 512 bytes.
    pub fn check_shape(password: &Secret) -> Result<(), Error> {
        let text = password.expose();
        if text.chars().count() < MIN_CHARACTERS {
            return Err(Error::invalid("password", "a password has at least 8 characters"));
        }
        if text.len() > MAX_BYTES {
            return Err(Error::invalid("password", "a password has at most 512 bytes"));
        }
        Ok(())
    }

    /// Hashes `password` with a new salt.
    pub async fn hash(&self, password: Secret, rng: &dyn Rng) -> Result<PasswordHash, Error> {
        Self::check_shape(&password)?;
        let mut salt = [0_u8; 16];
        rng.fill(&mut salt);
        let params = self.params.clone();
        self.run(move || {
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_with_salt(password.expose().as_bytes(), &salt)
                .map(|hash| PasswordHash(hash.to_string()))
                .map_err(|error| Error::Internal(format!("password hash: {error}")))
        })
        .await?
    }

    /// Whether `password` is the one `hash` was made of.
    pub async fn verify(&self, password: Secret, hash: PasswordHash) -> Result<bool, Error> {
        if password.expose().len() > MAX_BYTES {
            return Ok(false);
        }
        self.run(move || {
            let parsed = phc::PasswordHash::new(&hash.0)
                .map_err(|error| Error::Internal(format!("stored password hash: {error}")))?;
            Ok(Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_ok())
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let place = self.places.clone().try_acquire_owned();
        let place = place.map_err(|_| Error::Unavailable("too many passwords at once".to_owned()))?;
        let permit = self.permits.clone().acquire_owned().await;
        let permit = permit.map_err(|_| Error::Unavailable("the password hasher is shut down".to_owned()))?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop((permit, place));
            result
        })
        .await
        .map_err(|_| Error::Internal("the password hasher failed".to_owned()))
    }
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

    fn cheap() -> Passwords {
        Passwords::new(PasswordCost { memory_kib: 64, passes: 1, at_once: 1 }).unwrap()
    }

    #[tokio::test]
    async fn only_the_right_password_verifies() {
        let hash = cheap().hash(Secret::new("correct horse".into()), &Seven).await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$"));
        assert!(cheap().verify(Secret::new("correct horse".into()), hash.clone()).await.unwrap());
        assert!(!cheap().verify(Secret::new("correct horsf".into()), hash).await.unwrap());
    }

    #[tokio::test]
    async fn bug_a_flood_of_passwords_waited_without_end() {
        let passwords = cheap();
        let password = || Secret::new("correct horse".into());
        let running = passwords.permits.clone().acquire_owned().await.unwrap();
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..=MOST_WAITING {
            let passwords = passwords.clone();
            waiting.spawn(async move { passwords.hash(password(), &Seven).await });
        }
        while passwords.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = passwords.hash(password(), &Seven).await.unwrap_err();
        assert!(matches!(refused, Error::Unavailable(_)), "{refused:?}");
        drop(running);
        while let Some(served) = waiting.join_next().await {
            served.unwrap().unwrap();
        }
        passwords.hash(password(), &Seven).await.unwrap();
    }

    #[tokio::test]
    async fn lengths_are_bounded() {
        assert!(cheap().hash(Secret::new("short".into()), &Seven).await.is_err());
        assert!(cheap().hash(Secret::new("x".repeat(513)), &Seven).await.is_err());
    }
}
