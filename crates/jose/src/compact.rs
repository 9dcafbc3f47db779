use serde::Serialize;
use serde_json::{Map, Value};

use crate::{KeyError, Limits, SigningKey, b64, parse_object};

/// The longest token looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A text that is not a compact JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompactError {
    /// Longer than the limit.
    #[error("the token is too long")]
    TooLong,
    /// Not three non-empty parts.
    #[error("not three parts")]
    NotThreeParts,
    /// A part is not canonical base64url.
    #[error("a part is not canonical base64url")]
    NotCanonical,
    /// The header or payload is not a strict JSON object.
    #[error("a part is not a strict JSON object")]
    NotAnObject,
}

/// A compact JWS (RFC 7515 §7.1), taken apart but not believed: nothing of it is true before its signature
/// is checked.
#[derive(Debug)]
pub struct Compact<'a> {
    /// What is signed: the first two parts with the dot between.
    pub signing_input: &'a str,
    /// The protected header.
    pub header: Map<String, Value>,
    /// The payload as it stands in the token.
    pub payload_b64: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Takes a token apart.
    pub fn parse(token: &'a str) -> Result<Self, CompactError> {
        Self::parse_up_to(token, MAX_TOKEN_BYTES)
    }

    /// Takes a JWS apart that may be longer than a token, such as a feed.
    pub fn parse_up_to(token: &'a str, limit: usize) -> Result<Self, CompactError> {
        if token.len() > limit {
            return Err(CompactError::TooLong);
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(CompactError::NotThreeParts)?;
        let (header, payload_b64) = signing_input.split_once('.').ok_or(CompactError::NotThreeParts)?;
        if payload_b64.contains('.') || header.is_empty() || payload_b64.is_empty() || signature.is_empty() {
            return Err(CompactError::NotThreeParts);
        }
        let decode = |text| b64::decode(text).map_err(|_| CompactError::NotCanonical);
        let header = parse_object(&decode(header)?, Limits::TOKEN).map_err(|_| CompactError::NotAnObject)?;
        Ok(Self { signing_input, header, payload_b64, signature: decode(signature)? })
    }

    /// The payload's bytes.
    pub fn payload_bytes(&self) -> Result<Vec<u8>, CompactError> {
        b64::decode(self.payload_b64).map_err(|_| CompactError::NotCanonical)
    }

    /// The payload as a strict JSON object.
    pub fn payload(&self) -> Result<Map<String, Value>, CompactError> {
        parse_object(&self.payload_bytes()?, Limits::TOKEN).map_err(|_| CompactError::NotAnObject)
    }
}

/// The header we write. A struct, so that the order of its members, and with it the bytes of a token, do not
/// hang on which features of `serde_json` some other crate turns on.
#[derive(Serialize)]
struct SignedHeader<'a> {
    alg: &'static str,
    typ: &'a str,
    kid: &'a str,
}

/// Signs `payload` as a compact JWS with the header members `alg`, `typ` and `kid`, in this order.
pub fn sign_compact(key: &SigningKey, typ: &str, kid: &str, payload: &[u8]) -> Result<String, KeyError> {
    let header = SignedHeader { alg: key.algorithm().as_str(), typ, kid };
    let header = serde_json::to_vec(&header).map_err(|_| KeyError::Private("it could not sign"))?;
    let mut token = b64::encode(&header);
    token.push('.');
    token.push_str(&b64::encode(payload));
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    token.push_str(&b64::encode(&signature));
    Ok(token)
}
