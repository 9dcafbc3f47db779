//! Statements that change rows: one file per table. They run on the writer's thread inside a savepoint; the
//! first failure undoes the transaction they belong to.

use intelliauth_model::TenantId;
use intelliauth_store::{
    Committed, Entity, PlatformTx, PlatformWrite, StoreError, StoreResult, TenantTx, TenantWrite,
};
use rusqlite::{Connection, Params};
use serde::Serialize;

use crate::error::store_error;

mod admin;
mod application;
mod audience;
mod client_secret;
mod event;
mod forget;
mod idempotency;
mod job;
mod key;
mod organisation;
mod revocation;
mod session;
mod single_use;
mod tenant;
mod user;

/// Everything in `tx`, in order.
pub(crate) fn tenant_tx(connection: &Connection, id: TenantId, tx: &TenantTx) -> StoreResult<Committed> {
    let mut done = Committed::default();
    within(connection, id, tx, &mut done)?;
    Ok(done)
}

/// Everything in `tx`, in order.
pub(crate) fn platform_tx(connection: &Connection, tx: &PlatformTx) -> StoreResult<Committed> {
    let mut done = Committed::default();
    for write in tx.writes() {
        match write {
            PlatformWrite::InsertOrganisation(organisation) => {
                organisation::insert(connection, organisation)?;
            }
            PlatformWrite::InsertTenant(tenant) => tenant::insert(connection, tenant)?,
            PlatformWrite::Within(id, tx) => within(connection, *id, tx, &mut done)?,
            PlatformWrite::LeaseJobs { lease, now, until, limit } => {
                done.leased.extend(job::take(connection, *lease, [*now, *until], *limit)?);
            }
            PlatformWrite::EnsureJobs { kind, tenants, at, latest } => {
                job::ensure(connection, *kind, *tenants, [*at, *latest])?;
            }
            PlatformWrite::AppendEvent(event) => event::append_platform(connection, event)?,
            _ => return Err(unknown_write()),
        }
    }
    Ok(done)
}

/// A write that means nothing but needs the disk.
pub(crate) fn probe(connection: &Connection) -> StoreResult<Committed> {
    change(connection, "UPDATE probe SET count = count + 1 WHERE id = 1", [])?;
    Ok(Committed::default())
}

fn within(connection: &Connection, id: TenantId, tx: &TenantTx, done: &mut Committed) -> StoreResult<()> {
    if tx.writes().is_empty() {
        return Ok(());
    }
    // Also the proof that the tenant is there: no row may hang on a tenant that is not.
    if tx.touches_configuration() {
        tenant::raise_config_version(connection, id)?;
    } else {
        tenant::require(connection, id)?;
    }
    tx.writes().iter().try_for_each(|write| apply(connection, id, write, done))
}

fn apply(
    connection: &Connection,
    id: TenantId,
    write: &TenantWrite,
    done: &mut Committed,
) -> StoreResult<()> {
    match write {
        TenantWrite::UpdateTenant { tenant, expected } => tenant::update(connection, id, tenant, *expected),
        TenantWrite::InsertAdmin(admin) => admin::insert(connection, id, admin),
        TenantWrite::InsertAudience(audience) => audience::insert(connection, id, audience),
        TenantWrite::DeleteAudience(audience) => audience::delete(connection, id, audience),
        TenantWrite::InsertUser(user) => user::insert(connection, id, user),
        TenantWrite::UpdateUser { user, expected } => user::update(connection, id, user, *expected),
        TenantWrite::DeleteUser { id: user, expected } => user::delete(connection, id, *user, *expected),
        TenantWrite::InsertApplication(application) => application::insert(connection, id, application),
        TenantWrite::UpdateApplication { application, expected } => {
            application::update(connection, id, application, *expected)
        }
        TenantWrite::DeleteApplication { id: application, expected } => {
            application::delete(connection, id, *application, *expected)
        }
        TenantWrite::InsertClientSecret(secret) => client_secret::insert(connection, id, secret),
        TenantWrite::ExpireClientSecret { id: secret, at } => {
            client_secret::expire(connection, id, *secret, *at)
        }
        TenantWrite::DeleteClientSecret(secret) => client_secret::delete(connection, id, *secret),
        TenantWrite::InsertSession(session) => session::insert(connection, id, session),
        TenantWrite::EndSession { id: session, at } => session::end(connection, id, *session, *at),
        TenantWrite::InsertKey(key) => key::insert(connection, id, key),
        TenantWrite::MoveKey { kid, from, to } => key::shift(connection, id, kid, from, to),
        TenantWrite::DeleteKey(kid) => key::delete(connection, id, kid),
        TenantWrite::AppendRevocation(entry) => {
            done.revocation_seqs.push(revocation::append(connection, id, entry)?);
            Ok(())
        }
        TenantWrite::InsertSingleUse(secret) => single_use::insert(connection, id, secret),
        TenantWrite::ConsumeSingleUse { kind, hash, now } => {
            single_use::consume(connection, id, *kind, hash, *now)
        }
        TenantWrite::RememberIdempotency { record, now } => {
            idempotency::remember(connection, id, record, *now)
        }
        TenantWrite::ForgetExpired { now, limit } => {
            done.forgotten += forget::expired(connection, id, *now, *limit)?;
            Ok(())
        }
        TenantWrite::ScheduleJob { name, at } => job::schedule(connection, id, name, *at),
        TenantWrite::ExtendLease { name, lease, until } => job::extend(connection, id, name, *lease, *until),
        TenantWrite::EndLease { name, lease, end } => job::end(connection, id, name, *lease, *end),
        TenantWrite::AppendEvent(event) => event::append(connection, id, event),
        _ => Err(unknown_write()),
    }
}

/// The exam tries every write there is, so this stays out of reach.
fn unknown_write() -> StoreError {
    StoreError::Corrupt("this store does not know one of the writes".to_owned())
}

/// Runs a statement and gives how many rows it changed.
fn change(connection: &Connection, sql: &str, params: impl Params) -> StoreResult<usize> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute(params)).map_err(store_error)
}

/// Runs a statement that must change exactly one row.
fn change_one(connection: &Connection, sql: &str, params: impl Params, entity: Entity) -> StoreResult<()> {
    match change(connection, sql, params)? {
        1 => Ok(()),
        _ => Err(StoreError::Stale(entity)),
    }
}

fn json<T: Serialize>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}
