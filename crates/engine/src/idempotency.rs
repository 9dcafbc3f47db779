use intelliauth_model::{IdempotencyKey, IdempotencyRecord, RecordedAnswer};
use intelliauth_store::TenantWrite;

use crate::{Caller, Error, Tenancy};

/// How long an idempotency key is remembered, in seconds: a day, as users of Stripe expect.
const REMEMBERED_SECONDS: i64 = 86_400;

/// A POST that may be sent again: the client's key and what it says.
#[derive(Clone)]
pub struct Idempotent {
    key: IdempotencyKey,
    /// SHA-256 of method, path and body. The body may hold a password, so this is neither shown nor stored:
    /// whoever had it could try passwords far faster than Argon2 lets them.
    said: [u8; 32],
}

impl std::fmt::Debug for Idempotent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Idempotent").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Idempotent {
    /// A request of this method, path and body under the client's key.
    #[must_use]
    pub fn new(key: IdempotencyKey, method: &str, path: &str, body: &[u8]) -> Self {
        let said = [method.as_bytes(), b"\n", path.as_bytes(), b"\n", body].concat();
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &said);
        let mut said = [0_u8; 32];
        said.copy_from_slice(digest.as_ref());
        Self { key, said }
    }

    fn fingerprint(&self, tenancy: &Tenancy) -> [u8; 32] {
        tenancy.engine().vault().request_fingerprint(&self.said)
    }
}

/// The id of what the same request made before, if it was served before.
pub(crate) async fn replayed(
    tenancy: &Tenancy,
    caller: &Caller,
    request: Option<&Idempotent>,
) -> Result<Option<String>, Error> {
    let (Some(client), Some(request)) = (caller.client_id(), request) else { return Ok(None) };
    let Some(record) = tenancy.store().idempotency(client, &request.key).await? else { return Ok(None) };
    if record.expires_at <= tenancy.engine().now() {
        return Ok(None);
    }
    if record.fingerprint != request.fingerprint(tenancy) {
        return Err(Error::IdempotencyMismatch);
    }
    Ok(Some(record.answer.resource_id))
}

/// After a commit that lost to another: the id of what the same request made meanwhile, or else the error. A
/// client that repeats itself too soon would otherwise be told that its own new user holds the address.
pub(crate) async fn overtaken(
    tenancy: &Tenancy,
    caller: &Caller,
    request: Option<&Idempotent>,
    error: Error,
) -> Result<String, Error> {
    if !matches!(error, Error::Conflict { .. } | Error::Stale) {
        return Err(error);
    }
    replayed(tenancy, caller, request).await?.ok_or(error)
}

/// The write that remembers the request in the transaction that serves it.
pub(crate) fn remember(
    tenancy: &Tenancy,
    caller: &Caller,
    request: Option<&Idempotent>,
    resource_id: impl std::fmt::Display,
) -> Option<TenantWrite> {
    let (client, request) = (caller.client_id()?, request?);
    let now = tenancy.engine().now();
    Some(TenantWrite::RememberIdempotency {
        record: Box::new(IdempotencyRecord {
            client,
            key: request.key.clone(),
            fingerprint: request.fingerprint(tenancy),
            answer: RecordedAnswer { resource_id: resource_id.to_string() },
            expires_at: now.plus_seconds(REMEMBERED_SECONDS),
        }),
        now,
    })
}
