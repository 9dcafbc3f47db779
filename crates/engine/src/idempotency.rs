use intelliauth_model::{IdempotencyKey, IdempotencyRecord, RecordedAnswer};
use intelliauth_store::TenantWrite;

use crate::{Caller, Error, Tenancy};

/// How long an idempotency key is remembered, in seconds: a day, as users of Stripe expect.
const REMEMBERED_SECONDS: i64 = 86_400;

/// The code of a key that another request is using.
pub(crate) const IN_USE: &str = "idempotency_key_in_use";

/// A POST that may be sent again: the client's key and the SHA-256 of method, path and body.
#[derive(Clone, Debug)]
pub struct Idempotent {
    /// What the client calls this request.
    pub key: IdempotencyKey,
    /// What the request says.
    pub fingerprint: [u8; 32],
}

impl Idempotent {
    /// A request of this method, path and body under the client's key.
    #[must_use]
    pub fn new(key: IdempotencyKey, method: &str, path: &str, body: &[u8]) -> Self {
        let said = [method.as_bytes(), b"\n", path.as_bytes(), b"\n", body].concat();
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &said);
        let mut fingerprint = [0_u8; 32];
        for (to, from) in fingerprint.iter_mut().zip(digest.as_ref()) {
            *to = *from;
        }
        Self { key, fingerprint }
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
    if record.fingerprint != request.fingerprint {
        return Err(Error::IdempotencyMismatch);
    }
    Ok(Some(record.answer.resource_id))
}

/// Whether a commit failed because the same key was being served at the same time. What that request made
/// is then there to be read.
pub(crate) fn lost_race(error: &Error) -> bool {
    error.code() == IN_USE
}

/// The write that remembers the request in the transaction that serves it. It goes first: of two equal
/// requests at once the second must fail on the key, not on what the first has just made.
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
            fingerprint: request.fingerprint,
            answer: RecordedAnswer { resource_id: resource_id.to_string() },
            expires_at: now.plus_seconds(REMEMBERED_SECONDS),
        }),
        now,
    })
}
