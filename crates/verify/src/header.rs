use intelliauth_jose::{Algorithm, Compact};
use serde_json::{Map, Value};

use crate::Refusal;

const MAX_KID_BYTES: usize = 256;

/// Header members whose presence changes what the bytes mean. None of them is supported, and RFC 7515
/// §4.1.11 forbids to go on past `crit` one does not understand. `jku`, `jwk`, `x5u` and `x5c` are not here:
/// they may be present, and are never looked at.
const FORBIDDEN: [&str; 6] = ["crit", "b64", "zip", "cty", "enc", "epk"];

/// What the header asks for.
pub(crate) struct Header<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: &'a str,
}

/// Reads the header of a JWS of type `typ`.
pub(crate) fn read<'a>(
    jws: &'a Compact<'_>,
    typ: &str,
    allowed: &[Algorithm],
) -> Result<Header<'a>, Refusal> {
    let header = &jws.header;
    if FORBIDDEN.iter().any(|name| header.contains_key(*name)) {
        return Err(Refusal::Header("a member that is not supported"));
    }
    let algorithm = text(header, "alg").and_then(|name| name.parse::<Algorithm>().ok());
    let algorithm =
        algorithm.filter(|algorithm| allowed.contains(algorithm)).ok_or(Refusal::Header("alg"))?;
    let given = text(header, "typ").ok_or(Refusal::Header("typ"))?;
    if !is_type(given, typ) {
        return Err(Refusal::Header("typ"));
    }
    let kid = text(header, "kid").filter(|kid| (1..=MAX_KID_BYTES).contains(&kid.len()));
    Ok(Header { algorithm, kid: kid.ok_or(Refusal::Header("kid"))? })
}

fn text<'a>(header: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    header.get(name).and_then(Value::as_str)
}

/// Media types compare without case, and `application/` may be left out (RFC 7515 §4.1.9).
fn is_type(given: &str, wanted: &str) -> bool {
    const PREFIX: &str = "application/";
    let bare = match given.get(..PREFIX.len()) {
        Some(prefix) if prefix.eq_ignore_ascii_case(PREFIX) => given.get(PREFIX.len()..).unwrap_or_default(),
        _ => given,
    };
    bare.eq_ignore_ascii_case(wanted)
}
