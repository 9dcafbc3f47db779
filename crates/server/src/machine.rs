//! The machine's clock and chance, which only this room may name.

use std::{
    sync::LazyLock,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use intelliauth_model::{Clock, RequestId, Rng, Timestamp};

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where time comes from")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn ticks(&self) -> i64 {
        ticks()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where time comes from")]
static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Milliseconds since the process began, whatever the clock is set to.
pub(crate) fn ticks() -> i64 {
    i64::try_from(BEGINNING.elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// The crypto library's random source.
#[derive(Debug)]
pub(crate) struct SystemRng(SystemRandom);

impl SystemRng {
    pub(crate) fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        // Going on without randomness would hand out guessable secrets; there is no answer but to stop.
        if self.0.fill(bytes).is_err() {
            eprintln!("error: the machine gives no random bytes");
            std::process::abort();
        }
    }
}

/// A name for what the command line does, in the audit log.
pub(crate) fn request_id() -> RequestId {
    RequestId::new(&SystemClock, &SystemRng::new())
}
