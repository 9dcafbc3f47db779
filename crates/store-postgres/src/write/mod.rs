//! Transactions as lists of statements: one file per table. A statement names the state it expects in its
//! `WHERE`, and the number of rows it changed decides; nothing is read first and written then, so READ COMMITTED
//! is enough.

use intelliauth_model::TenantId;
use intelliauth_store::{PlatformTx, PlatformWrite, StoreError, StoreResult, TenantTx, TenantWrite};
use serde::Serialize;

mod admin;
mod application;
mod audience;
mod client_secret;
mod event;
mod forget;
mod idempotency;
mod job;
mod key;
mod node;
mod notify;
mod organisation;
mod revocation;
mod session;
mod single_use;
mod step;
mod tenant;
mod user;

pub(crate) use step::Step;

use crate::NodeId;

/// The statements of one transaction, in order.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    steps: Vec<Step>,
}

impl Plan {
    /// Everything in `tx`, in order, for a transaction that begins inside the tenant's fence.
    pub(crate) fn tenant(id: TenantId, tx: &TenantTx) -> StoreResult<Self> {
        let mut plan = Self::default();
        plan.within(id, tx)?;
        plan.checked()
    }

    /// Everything in `tx`, in order, for a transaction that begins outside of every fence.
    pub(crate) fn platform(tx: &PlatformTx) -> StoreResult<Self> {
        let mut plan = Self::default();
        for write in tx.writes() {
            match write {
                PlatformWrite::InsertOrganisation(organisation) => {
                    plan.steps.push(organisation::insert(organisation));
                }
                PlatformWrite::InsertTenant(tenant) => plan.steps.push(tenant::insert(tenant)?),
                PlatformWrite::Within(_, tx) if tx.writes().is_empty() => {}
                PlatformWrite::Within(id, tx) => {
                    plan.steps.push(tenant::enter_fence(*id));
                    plan.within(*id, tx)?;
                    plan.steps.push(tenant::leave_fence());
                }
                PlatformWrite::LeaseJobs { lease, now, until, limit } => {
                    plan.steps.push(job::take(*lease, *now, *until, *limit));
                }
                PlatformWrite::EnsureJobs { kind, tenants, at, latest } => {
                    plan.steps.push(job::ensure(*kind, *tenants, *at, *latest));
                }
                PlatformWrite::AppendEvent(event) => plan.steps.push(event::append_platform(event)),
                _ => return Err(unknown_write()),
            }
        }
        plan.checked()
    }

    /// A write that means nothing but needs the disk.
    pub(crate) fn probe() -> Self {
        Self { steps: vec![Step::any("UPDATE probe SET count = count + 1 WHERE id = 1", Vec::new())] }
    }

    /// A node says that it is there.
    pub(crate) fn node_here(node: NodeId) -> Self {
        Self { steps: vec![node::without_waiting(), node::here(node)] }
    }

    /// A node says that it goes.
    pub(crate) fn node_gone(node: NodeId) -> Self {
        Self { steps: vec![node::gone(node)] }
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn within(&mut self, id: TenantId, tx: &TenantTx) -> StoreResult<()> {
        if tx.writes().is_empty() {
            return Ok(());
        }
        // Also the proof that the tenant is there: no row may hang on a tenant that is not. Those who change its
        // configuration or revoke lock its row until the end and before any other: they take turns, the revocation
        // numbers they draw become visible in their order, and no two wait for each other.
        if tx.touches_configuration() {
            self.steps.push(tenant::raise_config_version(id));
        } else if tx.revokes() {
            self.steps.push(tenant::lock(id));
        } else {
            self.steps.push(tenant::require(id));
        }
        if tx.touches_configuration() || tx.revokes() {
            self.steps.push(notify::changed(id));
        }
        tx.writes().iter().try_for_each(|write| self.add(id, write))
    }

    fn add(&mut self, id: TenantId, write: &TenantWrite) -> StoreResult<()> {
        let step = match write {
            TenantWrite::UpdateTenant { tenant, expected } => tenant::update(id, tenant, *expected)?,
            TenantWrite::InsertAdmin(admin) => admin::insert(id, admin),
            TenantWrite::InsertAudience(audience) => audience::insert(id, audience)?,
            TenantWrite::DeleteAudience(audience) => audience::delete(id, audience),
            TenantWrite::InsertUser(user) => user::insert(id, user)?,
            TenantWrite::UpdateUser { user, expected } => user::update(id, user, *expected)?,
            TenantWrite::DeleteUser { id: user, expected } => {
                return self.add_all(user::delete(id, *user, *expected));
            }
            TenantWrite::InsertApplication(application) => application::insert(id, application)?,
            TenantWrite::UpdateApplication { application, expected } => {
                application::update(id, application, *expected)?
            }
            TenantWrite::DeleteApplication { id: application, expected } => {
                return self.add_all(application::delete(id, *application, *expected));
            }
            TenantWrite::InsertClientSecret(secret) => client_secret::insert(id, secret),
            TenantWrite::ExpireClientSecret { id: secret, at } => client_secret::expire(id, *secret, *at),
            TenantWrite::DeleteClientSecret(secret) => client_secret::delete(id, *secret),
            TenantWrite::InsertSession(session) => session::insert(id, session)?,
            TenantWrite::EndSession { id: session, at } => session::end(id, *session, *at),
            TenantWrite::InsertKey(key) => key::insert(id, key),
            TenantWrite::MoveKey { kid, from, to } => key::shift(id, kid, from, *to),
            TenantWrite::DeleteKey(kid) => key::delete(id, kid),
            TenantWrite::AppendRevocation(entry) => revocation::append(id, entry),
            TenantWrite::InsertSingleUse(secret) => single_use::insert(id, secret),
            TenantWrite::ConsumeSingleUse { kind, hash, now } => single_use::consume(id, *kind, hash, *now),
            TenantWrite::RememberIdempotency { record, now } => idempotency::remember(id, record, *now),
            TenantWrite::ForgetExpired { now, limit } => {
                return self.add_all(forget::expired(id, *now, *limit));
            }
            TenantWrite::ScheduleJob { name, at } => job::schedule(id, name, *at),
            TenantWrite::ExtendLease { name, lease, until } => job::extend(id, name, *lease, *until),
            TenantWrite::EndLease { name, lease, end } => job::end(id, name, *lease, *end),
            TenantWrite::AppendEvent(event) => event::append(id, event),
            _ => return Err(unknown_write()),
        };
        self.steps.push(step);
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "it ends an arm whose others can fail")]
    fn add_all(&mut self, steps: impl IntoIterator<Item = Step>) -> StoreResult<()> {
        self.steps.extend(steps);
        Ok(())
    }

    /// Nothing is sent that PostgreSQL cannot hold: it would say so only half-way.
    fn checked(self) -> StoreResult<Self> {
        if self.steps.iter().all(Step::is_storable) {
            Ok(self)
        } else {
            Err(StoreError::Corrupt("a text with U+0000 cannot be stored".to_owned()))
        }
    }
}

/// The exam tries every write there is, so this stays out of reach.
fn unknown_write() -> StoreError {
    StoreError::Corrupt("this store does not know one of the writes".to_owned())
}

fn json<T: Serialize>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}
