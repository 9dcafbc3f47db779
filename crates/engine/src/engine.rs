use std::sync::Arc;

use intelliauth_model::{Clock, Rng, Timestamp};
use intelliauth_store::Store;
use tokio::sync::{Mutex, Notify};

use crate::{Error, Passwords, Vault, tenants::Tenants};

/// What the composition root gives the engine.
pub struct EngineParts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub rng: Arc<dyn Rng>,
    /// What seals secrets at rest.
    pub vault: Vault,
    /// What hashes passwords.
    pub passwords: Passwords,
}

/// The rules, ready to be asked. One per process; cheap to share behind an `Arc`.
pub struct Engine {
    parts: EngineParts,
    tenants: Tenants,
    readiness: Mutex<Option<(i64, Result<(), Error>)>>,
    work_wanted: Notify,
}

/// How long an answer to "can you serve?" holds for whoever asks next, in milliseconds.
const READINESS_MS: i64 = 1_000;

impl Engine {
    /// Puts the engine together. Reads nothing yet.
    #[must_use]
    pub fn new(parts: EngineParts) -> Arc<Self> {
        Arc::new(Self {
            parts,
            tenants: Tenants::new(),
            readiness: Mutex::new(None),
            work_wanted: Notify::new(),
        })
    }

    /// The moment now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Milliseconds that only go forward, for ages.
    pub(crate) fn ticks(&self) -> i64 {
        self.parts.clock.ticks()
    }

    /// Where time comes from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.parts.clock
    }

    /// Where chance comes from.
    #[must_use]
    pub fn rng(&self) -> &dyn Rng {
        &*self.parts.rng
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.parts.store
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.parts.vault
    }

    /// What hashes passwords.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.parts.passwords
    }

    pub(crate) fn tenants(&self) -> &Tenants {
        &self.tenants
    }

    /// Whether requests can be served now. The store proves it by a write, so of all who ask within a second
    /// one has it proved: anybody may ask, and must not fill the writer's queue by it.
    pub async fn ready(&self) -> Result<(), Error> {
        let mut last = self.readiness.lock().await;
        let now = self.ticks();
        if let Some((at, answer)) = &*last
            && (0..READINESS_MS).contains(&(now - at))
        {
            return answer.clone();
        }
        let answer = self.parts.store.ping().await.map_err(Error::from);
        *last = Some((now, answer.clone()));
        answer
    }

    /// Waits until this process has asked for work in the background: whoever slept until the next job was due
    /// has to look again. Other processes say nothing.
    pub async fn work_wanted(&self) {
        self.work_wanted.notified().await;
    }

    pub(crate) fn want_work(&self) {
        self.work_wanted.notify_one();
    }

    /// 256 random bits as 43 characters of base64url, after a prefix that secret scanners can look for.
    pub(crate) fn draw_secret(&self, prefix: &str) -> intelliauth_model::Secret {
        use base64::Engine as _;
        let mut bytes = zeroize::Zeroizing::new([0_u8; 32]);
        self.rng().fill(&mut bytes[..]);
        let body = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&bytes[..]);
        intelliauth_model::Secret::new(format!("{prefix}{body}"))
    }
}
