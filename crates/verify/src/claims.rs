use intelliauth_jose::Algorithm;
use serde_json::{Map, Value};

use crate::{Policy, Refusal};

/// The largest number of seconds that every JSON reader holds exactly.
const MAX_DATE: f64 = 9_007_199_254_740_992.0;

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Clone, Debug)]
pub struct AccessClaims {
    /// Issuer.
    pub iss: String,
    /// User, or for machines the client.
    pub sub: String,
    /// The APIs it is for.
    pub aud: Vec<String>,
    /// When it expires, in seconds.
    pub exp: i64,
    /// When it was issued, in seconds.
    pub iat: i64,
    /// Before when it is not valid, in seconds.
    pub nbf: Option<i64>,
    /// Its own id.
    pub jti: String,
    /// The client it was issued to.
    pub client_id: String,
    /// Space-separated scopes.
    pub scope: Option<String>,
    /// Session.
    pub sid: Option<String>,
    /// Key id it was signed with.
    pub kid: String,
    /// Algorithm it was signed with.
    pub algorithm: Algorithm,
    /// Every claim as it stands.
    pub all: Map<String, Value>,
}

impl AccessClaims {
    /// The scopes one by one.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.as_deref().unwrap_or_default().split(' ').filter(|scope| !scope.is_empty())
    }

    pub(crate) fn read(all: Map<String, Value>, kid: &str, algorithm: Algorithm) -> Result<Self, Refusal> {
        if all.contains_key("cnf") {
            return Err(Refusal::Bound);
        }
        Ok(Self {
            iss: required(&all, "iss")?,
            sub: required(&all, "sub")?,
            aud: audiences(&all)?,
            exp: date(&all, "exp")?.ok_or(Refusal::Claim("exp"))?,
            iat: date(&all, "iat")?.ok_or(Refusal::Claim("iat"))?,
            nbf: date(&all, "nbf")?,
            jti: required(&all, "jti")?,
            client_id: required(&all, "client_id")?,
            scope: optional(&all, "scope")?,
            sid: optional(&all, "sid")?,
            kid: kid.to_owned(),
            algorithm,
            all,
        })
    }

    pub(crate) fn check(&self, policy: &Policy, now: i64) -> Result<(), Refusal> {
        if self.iss != policy.issuer {
            return Err(Refusal::Issuer);
        }
        let wanted = policy.audiences.as_ref();
        if wanted.is_some_and(|wanted| !self.aud.iter().any(|audience| wanted.contains(audience))) {
            return Err(Refusal::Audience);
        }
        if self.exp <= now.saturating_sub(policy.tolerance) {
            return Err(Refusal::Expired);
        }
        let latest = now.saturating_add(policy.tolerance);
        if self.iat > latest || self.nbf.is_some_and(|nbf| nbf > latest) {
            return Err(Refusal::NotYet);
        }
        Ok(())
    }
}

fn required(all: &Map<String, Value>, name: &'static str) -> Result<String, Refusal> {
    match all.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        _ => Err(Refusal::Claim(name)),
    }
}

fn optional(all: &Map<String, Value>, name: &'static str) -> Result<Option<String>, Refusal> {
    match all.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::Claim(name)),
    }
}

/// RFC 7519 §4.1.3: a string, or an array of strings. One member of another type makes the whole claim
/// unreadable: what a careless reader takes for an audience must not be one here.
fn audiences(all: &Map<String, Value>) -> Result<Vec<String>, Refusal> {
    match all.get("aud") {
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(Value::Array(several)) => {
            let texts = several.iter().map(|value| value.as_str().map(str::to_owned));
            texts.collect::<Option<_>>().ok_or(Refusal::Claim("aud"))
        }
        _ => Err(Refusal::Claim("aud")),
    }
}

/// A `NumericDate` (RFC 7519 §2): seconds, perhaps with a fraction, which is cut off.
fn date(all: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, Refusal> {
    let Some(value) = all.get(name) else { return Ok(None) };
    let number = value.as_f64().filter(|number| number.abs() <= MAX_DATE).ok_or(Refusal::Claim(name))?;
    #[expect(clippy::cast_possible_truncation, reason = "bounded by MAX_DATE")]
    Ok(Some(number.floor() as i64))
}
