use std::ops::Deref;

use intelliauth_jose::{Compact, CompactError};

use crate::{AccessClaims, KeySet, Policy, Refusal, Revocations, header};

/// The `typ` of an access token (RFC 9068 §2.1).
const TYP: &str = "at+jwt";

/// Something whose signature and claims were checked. Only [`verify`] makes one.
///
/// ```compile_fail,E0423
/// let forged = intelliauth_verify::Verified(());
/// ```
#[derive(Clone, Debug)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// What was verified.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// The verdict on an access token at `now` (seconds since 1970): shape, header, key, signature, claims,
/// revocation, in this order. Nothing of the payload is read before its signature held.
pub fn verify(
    token: &str,
    policy: &Policy,
    keys: &KeySet,
    revocations: Option<&Revocations>,
    now: i64,
) -> Result<Verified<AccessClaims>, Refusal> {
    let jws = Compact::parse(token).map_err(malformed)?;
    let payload = jws.payload_bytes().map_err(malformed)?;
    let header = header::read(&jws, TYP, &policy.algorithms)?;
    let key = keys.get(header.kid).ok_or_else(|| Refusal::UnknownKey { kid: header.kid.to_owned() })?;
    if key.algorithm() != header.algorithm {
        return Err(Refusal::KeyMismatch);
    }
    if !key.verify(jws.signing_input.as_bytes(), &jws.signature) {
        return Err(Refusal::Signature);
    }
    let all = intelliauth_jose::parse_object(&payload, intelliauth_jose::Limits::TOKEN)
        .map_err(|_| Refusal::Malformed("the payload is not a strict JSON object"))?;
    let claims = AccessClaims::read(all, header.kid, header.algorithm)?;
    claims.check(policy, now)?;
    if revocations.is_some_and(|revocations| revocations.is_revoked(&claims)) {
        return Err(Refusal::Revoked);
    }
    Ok(Verified(claims))
}

const fn malformed(error: CompactError) -> Refusal {
    Refusal::Malformed(match error {
        CompactError::TooLong => "it is too long",
        CompactError::NotThreeParts => "it has not three parts",
        CompactError::NotCanonical => "a part is not canonical base64url",
        CompactError::NotAnObject => "the header is not a strict JSON object",
    })
}
