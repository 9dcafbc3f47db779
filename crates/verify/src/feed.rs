use intelliauth_jose::{Algorithm, Compact, Limits, parse_object};
use serde::Deserialize;
use serde_json::Value;

use crate::{KeySet, header};

/// The `typ` of the feed.
const TYP: &str = "revocations+jwt";
/// Longest feed looked at, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A signed part of the revocation log, its signature checked. Only [`parse_feed`] makes one: a text whose
/// signature nobody looked at must not reach the state.
///
/// ```compile_fail,E0277
/// let feed: intelliauth_verify::Feed = serde_json::from_str("{}").unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Feed {
    pub(crate) iss: String,
    /// When it was signed, in seconds.
    pub iat: i64,
    /// The last number of the log it covers.
    pub seq: i64,
    /// Whether it is the whole log or a part.
    pub body: FeedBody,
    /// What was revoked.
    pub entries: Vec<Entry>,
}

/// The feed's payload.
#[derive(Deserialize)]
struct Payload {
    iss: String,
    iat: i64,
    seq: i64,
    #[serde(flatten)]
    body: FeedBody,
    entries: Vec<Entry>,
}

/// The whole log or a part.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum FeedBody {
    /// Everything that is revoked and could still matter.
    Snapshot,
    /// What came after `since`.
    Delta {
        /// The number it follows.
        since: i64,
    },
}

/// One revocation.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// Place in the log.
    pub seq: i64,
    /// `token`, `session`, `user`, `client` or `tenant`. Others are kept out of the way: a newer tenant may
    /// revoke things an older verifier has no name for.
    pub kind: String,
    /// See [`crate::id_hash`].
    pub id_hash: String,
    /// Tokens issued at or before this second are dead (kinds user, client, tenant).
    pub not_before: i64,
    /// After this second it can be forgotten.
    pub expires_at: i64,
}

/// Why a feed is not taken. The state before stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// Not a feed: shape, header or content.
    #[error("not a revocation feed: {0}")]
    Malformed(&'static str),
    /// Signed with a key that is not known here; a driver may fetch the keys again.
    #[error("the feed is signed with an unknown key")]
    UnknownKey,
    /// The signature does not hold.
    #[error("the feed's signature does not hold")]
    Signature,
    /// Another issuer's feed.
    #[error("the feed is another issuer's")]
    Issuer,
    /// A delta that does not follow the state, or a snapshot older than it.
    #[error("the feed does not follow what is known")]
    OutOfOrder,
}

/// Checks and reads a feed. Its signature must be the issuer's: whoever can forge a feed can revive every
/// token, or kill them all.
pub fn parse_feed(token: &str, keys: &KeySet, issuer: &str) -> Result<Feed, FeedError> {
    let jws = Compact::parse_up_to(token.trim_end(), MAX_BYTES).map_err(|_| FeedError::Malformed("shape"))?;
    let header = header::read(&jws, TYP, &Algorithm::ALL).map_err(|_| FeedError::Malformed("header"))?;
    let key = keys.get(header.kid).ok_or(FeedError::UnknownKey)?;
    if key.algorithm() != header.algorithm || !key.verify(jws.signing_input.as_bytes(), &jws.signature) {
        return Err(FeedError::Signature);
    }
    let payload = jws.payload_bytes().map_err(|_| FeedError::Malformed("payload"))?;
    let object = parse_object(&payload, Limits::FEED).map_err(|_| FeedError::Malformed("payload"))?;
    let Payload { iss, iat, seq, body, entries } =
        serde_json::from_value(Value::Object(object)).map_err(|_| FeedError::Malformed("content"))?;
    if iss != issuer {
        return Err(FeedError::Issuer);
    }
    if seq < 0 {
        return Err(FeedError::Malformed("seq"));
    }
    Ok(Feed { iss, iat, seq, body, entries })
}
