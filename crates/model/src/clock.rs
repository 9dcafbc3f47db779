use std::fmt;

/// A moment, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Whole seconds since the Unix epoch, rounded down: the form of a JWT `NumericDate` (RFC 7519 §2).
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The moment at `seconds` after the Unix epoch.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// This moment moved by `seconds`, which may be negative.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.0)
    }
}

/// Where time comes from. Only the composition root may implement it over the machine's clock.
pub trait Clock: Send + Sync {
    /// The moment now.
    fn now(&self) -> Timestamp;

    /// Milliseconds since some moment that stays the same while the process lives. Nobody sets this one: whether
    /// something that was read is still young is asked of it, for a clock that is set back would make it young for
    /// ever.
    fn ticks(&self) -> i64 {
        self.now().0
    }
}

/// Where chance comes from. Implementations must be cryptographically secure outside tests: secrets and
/// identifiers are drawn from it.
pub trait Rng: Send + Sync {
    /// Fills `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}
