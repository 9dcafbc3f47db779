use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime};
use intelliauth_model::TenantId;
use intelliauth_store::{Committed, StoreError};
use tokio_postgres::{Client, Row};

use crate::{
    OpenError, Options,
    endpoint::Endpoint,
    error::Failure,
    pipeline::{self, Answer},
    read::Query,
    write::{Plan, Step},
};

/// The connections of this process.
pub(crate) fn pool(endpoint: &Endpoint, options: &Options) -> Result<Pool, OpenError> {
    let manager = Manager::from_config(
        endpoint.config.clone(),
        endpoint.tls.clone(),
        // A connection whose transaction did not end is never given back (see `Lease`), so there is nothing
        // to clean; one that the server has closed knows it.
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    Pool::builder(manager)
        .max_size(options.pool_size.max(1))
        .wait_timeout(Some(options.pool_patience))
        .create_timeout(Some(options.connect_timeout))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| OpenError::Unsuitable(error.to_string()))
}

/// A connection for one transaction. It goes back to the pool only when the transaction is known to have ended;
/// otherwise (an error half-way, a call given up) it is closed, which makes the server undo what is open.
pub(crate) struct Lease {
    object: Option<Object>,
}

impl Lease {
    pub(crate) async fn take(pool: &Pool) -> Result<Self, Failure> {
        match pool.get().await {
            Ok(object) => Ok(Self { object: Some(object) }),
            Err(PoolError::Backend(error)) => Err(error.into()),
            Err(PoolError::Timeout(deadpool_postgres::TimeoutType::Wait)) => {
                Err(Failure::verdict(StoreError::Unavailable("no connection was free".to_owned())))
            }
            Err(error) => Err(Failure::passing(error.to_string())),
        }
    }

    fn client(&self) -> Result<&Client, Failure> {
        self.object.as_ref().map(|object| &***object).ok_or_else(|| Failure::passing("no connection"))
    }

    /// The transaction has ended: the connection may serve another.
    fn give_back(mut self) {
        drop(self.object.take());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            drop(Object::take(object));
        }
    }
}

/// What every transaction says about itself, since the connection remembers nothing between them.
pub(crate) struct Limits {
    reading: String,
    writing: String,
}

impl Limits {
    pub(crate) fn new(options: &Options) -> Self {
        let statement = options.statement_timeout.as_millis().max(1);
        let lock = options.lock_timeout.as_millis().max(1);
        let idle = options.patience.as_millis().max(1);
        // READ COMMITTED is named because a server's default may be another. A node that hangs with rows locked
        // is put out by the idle limit. An operator's `synchronous_commit = off` would make "acknowledged" mean
        // "probably there"; every other value is left as it is.
        Self {
            reading: format!(
                "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SET LOCAL statement_timeout = {statement};"
            ),
            writing: format!(
                "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL statement_timeout = {statement}; \
                 SET LOCAL lock_timeout = {lock}; SET LOCAL idle_in_transaction_session_timeout = {idle}; \
                 SELECT set_config('synchronous_commit', 'on', true) \
                 WHERE current_setting('synchronous_commit') = 'off';"
            ),
        }
    }
}

/// Puts up the fence of row-level security for this transaction; without a tenant nothing of any is seen.
fn fence(tenant: Option<TenantId>) -> String {
    let tenant = tenant.map(|tenant| hex(tenant.to_bytes())).unwrap_or_default();
    format!(" SET LOCAL intelliauth.tenant = '{tenant}'")
}

/// The identifier in a spelling of a uuid.
pub(crate) fn hex(id: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(id))
}

/// Runs one query. Beginning, query and end are sent together: one round trip.
pub(crate) async fn read<T>(
    lease: Lease,
    limits: &Limits,
    tenant: Option<TenantId>,
    query: &Query<T>,
) -> Result<Vec<Row>, Failure> {
    let client = lease.client()?;
    let opening = format!("{}{}", limits.reading, fence(tenant));
    let requests = vec![
        pipeline::script(client, &opening),
        pipeline::rows(client, query.sql, &query.params),
        pipeline::script(client, "COMMIT"),
    ];
    let mut answers = pipeline::all(requests).await.into_iter();
    let mut next = || answers.next().unwrap_or(Ok(Answer::default()));
    let (began, found, ended) = (next(), next(), next());
    if ended.is_ok() {
        lease.give_back();
    }
    began?;
    Ok(found?.rows)
}

/// Why a write was not acknowledged.
pub(crate) enum NotDone {
    /// Nothing was done.
    Undone(Failure),
    /// The end was asked for and no answer came: it may have been done.
    Unknown(Failure),
}

impl From<Failure> for NotDone {
    fn from(failure: Failure) -> Self {
        Self::Undone(failure)
    }
}

/// Does everything in `plan`, or nothing. All steps are sent together; the answers are judged in order, and
/// only when each is as it should be the commit is sent: two round trips however many steps.
pub(crate) async fn write(
    lease: Lease,
    limits: &Limits,
    tenant: Option<TenantId>,
    plan: &Plan,
) -> Result<Committed, NotDone> {
    let client = lease.client()?;
    let opening = format!("{}{}", limits.writing, fence(tenant));
    let mut requests = vec![pipeline::script(client, &opening)];
    requests.extend(plan.steps().iter().map(|step| step.request(client)));
    let mut answers = pipeline::all(requests).await.into_iter();
    let began = answers.next().unwrap_or(Ok(Answer::default()));
    match judge(began, plan.steps().iter().zip(answers)) {
        Ok(done) => {
            end(client).await?;
            lease.give_back();
            Ok(done)
        }
        Err(failure) => {
            if client.batch_execute("ROLLBACK").await.is_ok() {
                lease.give_back();
            }
            Err(NotDone::Undone(failure))
        }
    }
}

fn judge<'a>(
    began: Result<Answer, tokio_postgres::Error>,
    answers: impl Iterator<Item = (&'a Step, Result<Answer, tokio_postgres::Error>)>,
) -> Result<Committed, Failure> {
    began?;
    let mut done = Committed::default();
    for (step, answer) in answers {
        step.judge(&answer?, &mut done).map_err(Failure::verdict)?;
    }
    Ok(done)
}

/// Commits. The server may say that it undid the transaction for the sake of another; after any other failure
/// nobody knows on which side of the commit the answer was lost.
async fn end(client: &Client) -> Result<(), NotDone> {
    let Err(error) = client.batch_execute("COMMIT").await else { return Ok(()) };
    let undone = error.code().is_some_and(|code| {
        use tokio_postgres::error::SqlState;
        [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code)
    });
    let failure = Failure::from(error);
    Err(if undone { NotDone::Undone(failure) } else { NotDone::Unknown(failure) })
}
