use std::sync::{
    Arc, RwLock,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use arc_swap::ArcSwapOption;
use intelliauth_model::Timestamp;
use intelliauth_store::TenantStore;
use tokio::sync::Mutex;

use super::Snapshot;
use crate::{
    Engine, Error,
    revocation::{FeedCache, RevocationState},
};

/// How old a snapshot may be before the store is asked whether it still holds, in milliseconds. It bounds
/// how long a change made by another process stays unseen; our own changes are seen at once.
pub(crate) const TRUSTED_MS: i64 = 250;

struct Checked {
    /// By [`Engine::ticks`].
    at: i64,
    generation: u64,
    snapshot: Arc<Snapshot>,
}

/// What a process keeps of one tenant.
pub(crate) struct TenantEntry {
    store: Arc<dyn TenantStore>,
    checked: ArcSwapOption<Checked>,
    generation: AtomicU64,
    refreshing: Mutex<()>,
    revocations: RwLock<RevocationState>,
    latest_iat: AtomicI64,
    pub(crate) feeds: FeedCache,
}

impl TenantEntry {
    pub(super) fn new(store: Arc<dyn TenantStore>) -> Self {
        Self {
            store,
            checked: ArcSwapOption::empty(),
            generation: AtomicU64::new(0),
            refreshing: Mutex::new(()),
            revocations: RwLock::new(RevocationState::default()),
            latest_iat: AtomicI64::new(0),
            feeds: FeedCache::default(),
        }
    }

    pub(super) fn store(&self) -> &Arc<dyn TenantStore> {
        &self.store
    }

    /// Makes the next reader ask the store. A refresh that began before this call does not count as newer:
    /// that is what the generation is for.
    pub(super) fn invalidate(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    fn trusted(&self, now: i64) -> Option<Arc<Snapshot>> {
        let checked = self.checked.load();
        let checked = checked.as_ref()?;
        let age = now - checked.at;
        let fresh =
            (0..TRUSTED_MS).contains(&age) && checked.generation == self.generation.load(Ordering::SeqCst);
        fresh.then(|| Arc::clone(&checked.snapshot))
    }

    /// The tenant as it is now, read from the store only if it changed; of many readers one asks.
    pub(super) async fn current(&self, engine: &Engine) -> Result<Arc<Snapshot>, Error> {
        if let Some(snapshot) = self.trusted(engine.ticks()) {
            return Ok(snapshot);
        }
        let _one = self.refreshing.lock().await;
        let at = engine.ticks();
        if let Some(snapshot) = self.trusted(at) {
            return Ok(snapshot);
        }
        let generation = self.generation.load(Ordering::SeqCst);
        // The versions are read before what they stand for: if that changes in between, the next look at them
        // tells.
        let versions = self.store.versions().await?;
        let version = versions.configuration;
        let known = self.checked.load_full().map(|checked| Arc::clone(&checked.snapshot));
        let snapshot = match known {
            Some(snapshot) if snapshot.version() == version => snapshot,
            known => Arc::new(Snapshot::load(engine, &self.store, version, known.as_deref()).await?),
        };
        self.read_log_to(versions.revocations, engine.now()).await?;
        self.checked.store(Some(Arc::new(Checked { at, generation, snapshot: Arc::clone(&snapshot) })));
        Ok(snapshot)
    }

    /// Reads what was appended to the revocation log since the last look.
    pub(crate) async fn read_log(&self, now: Timestamp) -> Result<(), Error> {
        let head = self.store.versions().await?.revocations;
        self.read_log_to(head, now).await
    }

    async fn read_log_to(&self, head: i64, now: Timestamp) -> Result<(), Error> {
        const BATCH: u32 = 1000;
        let mut seq = self.with_revocations(RevocationState::seq);
        if seq >= head {
            return Ok(());
        }
        while seq < head {
            let batch = self.store.revocations_after(seq, BATCH).await?;
            // Entries may have been forgotten: then the head is further than the last entry there is.
            seq = batch.last().filter(|_| batch.len() == BATCH as usize).map_or(head, |last| last.seq);
            self.change_revocations(|state| state.apply(&batch, seq));
        }
        self.change_revocations(|state| state.prune(now));
        Ok(())
    }

    fn change_revocations(&self, change: impl FnOnce(&mut RevocationState)) {
        change(&mut self.revocations.write().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    pub(crate) fn with_revocations<T>(&self, look: impl FnOnce(&RevocationState) -> T) -> T {
        look(&self.revocations.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// The latest `iat` this process gave a token of the tenant, in seconds.
    pub(crate) fn latest_iat(&self) -> i64 {
        self.latest_iat.load(Ordering::SeqCst)
    }

    pub(crate) fn issued_at(&self, iat: i64) {
        self.latest_iat.fetch_max(iat, Ordering::SeqCst);
    }
}
