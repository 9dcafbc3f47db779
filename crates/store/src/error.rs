/// A uniqueness rule that a write broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// An organisation's slug, over all organisations.
    OrganisationSlug,
    /// A tenant's slug in its organisation.
    TenantSlug,
    /// A tenant's host and port, over all tenants and whatever the scheme.
    TenantIssuer,
    /// A user's address in the tenant.
    UserEmail,
    /// An administrator's address in the tenant.
    AdminEmail,
    /// An audience in the tenant.
    AudienceId,
    /// A key id in the tenant.
    KeyId,
    /// A client's idempotency key in the tenant.
    IdempotencyKey,
    /// A single-use secret's hash within its kind.
    SingleUse,
    /// A primary key drawn twice, which chance rules out: our fault.
    PrimaryKey,
}

/// What a conditional write was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entity {
    /// An organisation.
    Organisation,
    /// A tenant.
    Tenant,
    /// A user.
    User,
    /// An application.
    Application,
    /// A client secret.
    ClientSecret,
    /// An audience.
    Audience,
    /// A session.
    Session,
    /// A signing key.
    Key,
    /// A single-use secret.
    SingleUse,
    /// A background job under the lease named.
    Job,
}

/// Why the store could not do it. Nothing of the transaction was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A uniqueness rule stands against it.
    #[error("a uniqueness rule was broken: {0:?}")]
    Conflict(Constraint),
    /// The row is not there, or no longer in the revision or state the write named.
    #[error("the {0:?} is not there in the expected state")]
    Stale(Entity),
    /// The store cannot be reached or has no room now; trying later may help. Becomes 503, never 401.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// What is stored cannot be understood: our fault or a damaged file.
    #[error("the store holds something unreadable: {0}")]
    Corrupt(String),
}

/// What every store call gives.
pub type StoreResult<T> = Result<T, StoreError>;
