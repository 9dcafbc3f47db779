use intelliauth_store::{Committed, Constraint, Entity, StoreError, StoreResult};
use tokio_postgres::Client;

use crate::{
    param::Param,
    pipeline::{self, Answer, Request},
    read::job,
};

/// One statement and what it must have done for the transaction to go on.
#[derive(Debug)]
pub(crate) struct Step {
    sql: &'static str,
    params: Vec<Param>,
    expect: Expect,
}

#[derive(Debug)]
enum Expect {
    /// Whatever it did is right.
    Any,
    /// It changed exactly one row; otherwise this is why not.
    One(StoreError),
    /// It gave back the number of a revocation.
    Number,
    /// It removed rows, which are counted.
    Forgotten,
    /// It gave back the jobs it took.
    Leased,
}

impl Step {
    pub(super) fn any(sql: &'static str, params: Vec<Param>) -> Self {
        Self { sql, params, expect: Expect::Any }
    }

    /// Stale unless exactly one row was changed.
    pub(super) fn one(entity: Entity, sql: &'static str, params: Vec<Param>) -> Self {
        Self { sql, params, expect: Expect::One(StoreError::Stale(entity)) }
    }

    /// A conflict unless exactly one row was changed.
    pub(super) fn free(constraint: Constraint, sql: &'static str, params: Vec<Param>) -> Self {
        Self { sql, params, expect: Expect::One(StoreError::Conflict(constraint)) }
    }

    pub(super) fn number(sql: &'static str, params: Vec<Param>) -> Self {
        Self { sql, params, expect: Expect::Number }
    }

    pub(super) fn forgotten(sql: &'static str, params: Vec<Param>) -> Self {
        Self { sql, params, expect: Expect::Forgotten }
    }

    pub(super) fn leased(sql: &'static str, params: Vec<Param>) -> Self {
        Self { sql, params, expect: Expect::Leased }
    }

    pub(super) fn is_storable(&self) -> bool {
        self.params.iter().all(Param::is_storable)
    }

    pub(crate) fn request<'a>(&'a self, client: &'a Client) -> Request<'a> {
        match self.expect {
            Expect::Number | Expect::Leased => pipeline::rows(client, self.sql, &self.params),
            Expect::Any | Expect::One(_) | Expect::Forgotten => {
                pipeline::change(client, self.sql, &self.params)
            }
        }
    }

    /// Whether the answer is what was expected; notes in `done` what it gave.
    pub(crate) fn judge(&self, answer: &Answer, done: &mut Committed) -> StoreResult<()> {
        match &self.expect {
            Expect::Any => Ok(()),
            Expect::One(_) if answer.changed == 1 => Ok(()),
            Expect::One(error) => Err(error.clone()),
            Expect::Number => {
                let row = answer.rows.first().ok_or(StoreError::Stale(Entity::Tenant))?;
                let unreadable = |_| StoreError::Corrupt("a revocation has no number".to_owned());
                done.revocation_seqs.push(row.try_get(0).map_err(unreadable)?);
                Ok(())
            }
            Expect::Leased => {
                let taken = answer.rows.iter().map(job::leased).collect::<StoreResult<Vec<_>>>()?;
                done.leased.extend(taken);
                Ok(())
            }
            Expect::Forgotten => {
                done.forgotten += answer.changed;
                Ok(())
            }
        }
    }
}
