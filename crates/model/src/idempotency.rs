use std::str::FromStr;

use crate::{ApplicationId, Timestamp};

/// The `Idempotency-Key` of a POST: 1 to 255 printable ASCII characters without space.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// A text that cannot be an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 1 to 255 printable ASCII characters without space")]
pub struct InvalidIdempotencyKey;

impl IdempotencyKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidIdempotencyKey;

    fn from_str(text: &str) -> Result<Self, InvalidIdempotencyKey> {
        let sound = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if sound { Ok(Self(text.to_owned())) } else { Err(InvalidIdempotencyKey) }
    }
}

/// What a POST with an idempotency key did, written in the transaction that did it: an answer is remembered
/// exactly when its effect is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// Which client sent the request; keys of different clients are strangers.
    pub client: ApplicationId,
    /// The key the client chose.
    pub key: IdempotencyKey,
    /// Keyed hash of method, path and body: the same key with another request is a client's bug.
    pub fingerprint: [u8; 32],
    /// What was answered.
    pub answer: RecordedAnswer,
    /// When the key may be forgotten.
    pub expires_at: Timestamp,
}

/// Identifies the object the first request made. The answer is rendered from the object again, so that no
/// secret and no personal data lie in this table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// The id of what was made, such as `usr_…`.
    pub resource_id: String,
}
