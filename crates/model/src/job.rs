use std::fmt;

use crate::{Rng, TenantId, Timestamp};

/// What kind of work is done in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Rotate signing keys whose time has come and withdraw those whose last token is dead.
    KeySchedule,
    /// Forget rows that are past their time.
    ForgetExpired,
}

impl JobKind {
    /// Every kind there is.
    pub const ALL: [Self; 2] = [Self::KeySchedule, Self::ForgetExpired];

    /// The name stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeySchedule => "key_schedule",
            Self::ForgetExpired => "forget_expired",
        }
    }

    /// The kind stored under `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Names a piece of a tenant's background work. There is at most one of each name, so that asking for the
/// same work twice is asking for it once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobName {
    /// What is done.
    pub kind: JobKind,
    /// To what, by its id; empty for work on the tenant itself.
    pub subject: String,
}

impl JobName {
    /// Work on the tenant itself.
    #[must_use]
    pub const fn of_tenant(kind: JobKind) -> Self {
        Self { kind, subject: String::new() }
    }
}

/// Who holds a lease: drawn anew each time work is taken, so that a worker which lost it cannot end the work
/// of the one that has it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeaseId([u8; 16]);

impl LeaseId {
    /// Draws one.
    #[must_use]
    pub fn new(rng: &dyn Rng) -> Self {
        let mut bytes = [0; 16];
        rng.fill(&mut bytes);
        Self(bytes)
    }

    /// The bytes stored.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// The lease stored as these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// Work of a tenant that waits or is being done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Which.
    pub name: JobName,
    /// When a worker may take it: for work that is being done, when its lease ends.
    pub due_at: Timestamp,
    /// Whether somebody is at it.
    pub state: JobState,
    /// How often it was taken since it was last done.
    pub attempts: u32,
}

/// Whether somebody is at a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Nobody.
    Waiting,
    /// A worker, or one that died with the lease.
    Leased {
        /// Whose.
        lease: LeaseId,
        /// When the work was asked for again since it was taken.
        wanted_at: Option<Timestamp>,
    },
}

/// A job that a worker has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    /// Whose work it is.
    pub tenant: TenantId,
    /// Which.
    pub name: JobName,
    /// The proof that it was taken.
    pub lease: LeaseId,
    /// How often it was taken since it was last done, this time included.
    pub attempts: u32,
}

/// How a worker leaves a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobEnd {
    /// It is done and to be done again then, or before if somebody asked for it meanwhile.
    Done {
        /// When.
        again_at: Timestamp,
    },
    /// It was not done and is to be tried then; the attempts are kept.
    Failed {
        /// When.
        retry_at: Timestamp,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names_of_their_own() {
        for kind in JobKind::ALL {
            assert_eq!(JobKind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(JobKind::from_name("nonsense"), None);
    }
}
