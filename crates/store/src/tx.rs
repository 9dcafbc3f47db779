//! Transactions as values. A use case reads what it needs, decides, and hands over everything it wants to
//! change at once; each write names the state it expects to find. Nothing is held open while code awaits, so
//! one SQLite writer can commit many requests with one `fsync`, and PostgreSQL needs no serialisable level.

use intelliauth_model::{
    Admin, Application, ApplicationId, Audience, AudienceId, ClientSecret, Event, IdempotencyRecord, JobEnd,
    JobKind, JobName, KeyState, LeaseId, LeasedJob, NewRevocation, Organisation, SecretId, Session,
    SessionId, SigningKeyRecord, SingleUse, SingleUseKind, Tenant, TenantId, Timestamp, User, UserId,
    Version,
};

/// One change to a tenant. "Fails" means the whole transaction fails and nothing is done.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields of a write are named by its documentation")]
pub enum TenantWrite {
    /// Replaces the tenant's row (name, issuer, state, settings); fails `Stale` unless the stored revision
    /// is `expected`. The new row carries revision `expected.next()`, whatever `tenant` says; so it is with
    /// users and applications.
    UpdateTenant { tenant: Box<Tenant>, expected: Version },
    /// Adds an administrator.
    InsertAdmin(Box<Admin>),
    /// Registers an audience.
    InsertAudience(Box<Audience>),
    /// Removes an audience; fails `Stale` if it is not there.
    DeleteAudience(AudienceId),
    /// Adds a user.
    InsertUser(Box<User>),
    /// Replaces a user; fails `Stale` unless the stored revision is `expected`.
    UpdateUser { user: Box<User>, expected: Version },
    /// Removes a user with everything that hangs on it (sessions); fails `Stale` unless the stored revision
    /// is `expected`.
    DeleteUser { id: UserId, expected: Version },
    /// Registers an application.
    InsertApplication(Box<Application>),
    /// Replaces an application; fails `Stale` unless the stored revision is `expected`.
    UpdateApplication { application: Box<Application>, expected: Version },
    /// Removes an application with its secrets; fails `Stale` unless the stored revision is `expected`.
    DeleteApplication { id: ApplicationId, expected: Version },
    /// Adds a client secret; fails `Stale(Application)` if the application is not there.
    InsertClientSecret(Box<ClientSecret>),
    /// Sets when a secret stops working; fails `Stale` if it is not there or already has such a moment.
    ExpireClientSecret { id: SecretId, at: Timestamp },
    /// Removes a secret; fails `Stale` if it is not there.
    DeleteClientSecret(SecretId),
    /// Adds a session; fails `Stale(User)` if the user is not there.
    InsertSession(Box<Session>),
    /// Ends a session; fails `Stale` if it is not there or already ended.
    EndSession { id: SessionId, at: Timestamp },
    /// Adds a signing key.
    InsertKey(Box<SigningKeyRecord>),
    /// Moves a key from the state named `from` (see `KeyState::name`) to `to`; fails `Stale` if it is not in
    /// `from`. At most one key per algorithm is `current` and at most one `next`: a transition that would
    /// make a second fails `Conflict(KeyId)`.
    MoveKey { kid: String, from: &'static str, to: KeyState },
    /// Withdraws a key; fails `Stale` if it is not there.
    DeleteKey(String),
    /// Appends to the revocation log; the store gives the next number.
    AppendRevocation(NewRevocation),
    /// Stores a single-use secret; fails `Conflict(SingleUse)` if its hash is there within the kind. A spent
    /// one is there until it is forgotten, so that nothing can be spent twice by storing it again.
    InsertSingleUse(Box<SingleUse>),
    /// Spends a single-use secret; fails `Stale(SingleUse)` unless it is there, unspent and not expired at
    /// `now`. Of many at once exactly one succeeds.
    ConsumeSingleUse { kind: SingleUseKind, hash: [u8; 32], now: Timestamp },
    /// Remembers what a POST did; fails `Conflict(IdempotencyKey)` if the key is remembered and not expired
    /// at `now` (an expired one is replaced).
    RememberIdempotency { record: Box<IdempotencyRecord>, now: Timestamp },
    /// Forgets what is past its time, at most `limit` rows of each: revocations, single-use secrets,
    /// idempotency keys, ended or expired sessions, expired client secrets.
    ForgetExpired { now: Timestamp, limit: u32 },
    /// Asks for background work at `at`. Makes the job; one that waits moves to the earlier moment; one that
    /// is being done is done again after, at that moment at the latest.
    ScheduleJob { name: JobName, at: Timestamp },
    /// Lengthens a lease; fails `Stale(Job)` unless `lease` still holds the job. In front of other writes it
    /// is their fence: a worker that lost its lease changes nothing any more.
    ExtendLease { name: JobName, lease: LeaseId, until: Timestamp },
    /// Gives a job back; fails `Stale(Job)` unless `lease` still holds it.
    EndLease { name: JobName, lease: LeaseId, end: JobEnd },
    /// Appends to the audit log.
    AppendEvent(Box<Event>),
}

impl TenantWrite {
    /// Whether caches of the tenant's configuration (tenant, audiences, applications, secrets, keys) must be
    /// read again after this write: the store then raises [`crate::TenantVersions::configuration`] in the same
    /// transaction. A revocation is no configuration: it has a number of its own, and readers follow the log.
    #[must_use]
    pub const fn touches_configuration(&self) -> bool {
        match self {
            Self::UpdateTenant { .. }
            | Self::InsertAudience(_)
            | Self::DeleteAudience(_)
            | Self::InsertApplication(_)
            | Self::UpdateApplication { .. }
            | Self::DeleteApplication { .. }
            | Self::InsertClientSecret(_)
            | Self::ExpireClientSecret { .. }
            | Self::DeleteClientSecret(_)
            | Self::InsertKey(_)
            | Self::MoveKey { .. }
            | Self::DeleteKey(_) => true,
            Self::InsertAdmin(_)
            | Self::InsertUser(_)
            | Self::UpdateUser { .. }
            | Self::DeleteUser { .. }
            | Self::InsertSession(_)
            | Self::EndSession { .. }
            | Self::AppendRevocation(_)
            | Self::InsertSingleUse(_)
            | Self::ConsumeSingleUse { .. }
            | Self::RememberIdempotency { .. }
            | Self::ForgetExpired { .. }
            | Self::ScheduleJob { .. }
            | Self::ExtendLease { .. }
            | Self::EndLease { .. }
            | Self::AppendEvent(_) => false,
        }
    }
}

/// Changes to one tenant that happen together or not at all, in the order given. If the tenant is not there,
/// any change fails `Stale(Tenant)`.
#[derive(Clone, Debug, Default)]
#[must_use = "a transaction does nothing until it is committed"]
pub struct TenantTx {
    writes: Vec<TenantWrite>,
}

impl TenantTx {
    /// An empty transaction.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a write.
    pub fn with(mut self, write: TenantWrite) -> Self {
        self.writes.push(write);
        self
    }

    /// Adds a write.
    pub fn push(&mut self, write: TenantWrite) {
        self.writes.push(write);
    }

    /// Whether it changes a tenant's configuration.
    #[must_use]
    pub fn touches_configuration(&self) -> bool {
        self.writes.iter().any(TenantWrite::touches_configuration)
    }

    /// Whether it appends to the revocation log.
    #[must_use]
    pub fn revokes(&self) -> bool {
        self.writes.iter().any(|write| matches!(write, TenantWrite::AppendRevocation(_)))
    }

    /// The writes, in order.
    #[must_use]
    pub fn writes(&self) -> &[TenantWrite] {
        &self.writes
    }
}

/// One change above the tenants.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields of a write are named by its documentation")]
pub enum PlatformWrite {
    /// Adds an organisation.
    InsertOrganisation(Box<Organisation>),
    /// Adds a tenant; fails `Stale(Organisation)` if its organisation is not there.
    InsertTenant(Box<Tenant>),
    /// Changes that belong to one tenant, in the same transaction (the first keys of a new tenant).
    Within(TenantId, TenantTx),
    /// Takes at most `limit` jobs of whatever tenants that are due at `now`, the longest due first, and holds
    /// them until `until`. Of several workers each job goes to one; a job whose lease has ended is due again. Work
    /// of a kind that only a newer release knows is left to it.
    LeaseJobs { lease: LeaseId, now: Timestamp, until: Timestamp, limit: u32 },
    /// Sees to it that the tenants from the first to the last of these ids, both included, have this work: makes the
    /// job at `at` where there is none, and moves one that is due beyond `latest` there, leased or not, for a clock that
    /// was ahead may have put it off for years.
    EnsureJobs { kind: JobKind, tenants: [TenantId; 2], at: Timestamp, latest: Timestamp },
    /// Appends to the platform's audit log.
    AppendEvent(Box<Event>),
}

/// Changes above the tenants that happen together or not at all, in the order given.
#[derive(Clone, Debug, Default)]
#[must_use = "a transaction does nothing until it is committed"]
pub struct PlatformTx {
    writes: Vec<PlatformWrite>,
}

impl PlatformTx {
    /// An empty transaction.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a write.
    pub fn with(mut self, write: PlatformWrite) -> Self {
        self.writes.push(write);
        self
    }

    /// The writes, in order.
    #[must_use]
    pub fn writes(&self) -> &[PlatformWrite] {
        &self.writes
    }
}

/// What a committed transaction gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The numbers given to its revocations, in the order of the writes.
    pub revocation_seqs: Vec<i64>,
    /// How many rows `ForgetExpired` removed.
    pub forgotten: u64,
    /// The jobs that `LeaseJobs` took.
    pub leased: Vec<LeasedJob>,
}
