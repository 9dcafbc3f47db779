use intelliauth_model::{Application, Secret, TokenId};
use serde_json::{Map, Value, json};

use super::grant::{Authorization, Subject};
use crate::{Error, Tenancy, revocation::FURTHEST_AHEAD};

/// What the token endpoint answers.
#[derive(Debug)]
pub struct TokenSet {
    /// The access token.
    pub access_token: Secret,
    /// Its `jti`.
    pub id: TokenId,
    /// Its life in seconds.
    pub expires_in: u32,
    /// Its scopes, space separated; empty for none.
    pub scope: String,
}

/// The `typ` of an access token (RFC 9068 §2.1).
const TYP: &str = "at+jwt";

/// Phase 5, and the only place where an access token is made (RFC 9068).
pub(super) fn access_token(
    tenancy: &Tenancy,
    application: &Application,
    authorization: &Authorization,
) -> Result<TokenSet, Error> {
    let engine = tenancy.engine();
    let id = TokenId::new(engine.clock(), engine.rng());
    let client_id = application.id.to_string();
    let sub = match &authorization.subject {
        Subject::Client => client_id.clone(),
        Subject::User(both) => both.0.id.to_string(),
    };
    let iat = issued_at(tenancy, &sub, &client_id)?;
    let scope = authorization.target.scopes.to_string();
    let mut claims = Map::new();
    let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    claim("iss", json!(tenancy.issuer()));
    claim("sub", json!(sub));
    claim("aud", json!(authorization.target.audience.as_str()));
    let expires_in = life(application, &authorization.subject, iat);
    claim("exp", json!(iat + i64::from(expires_in)));
    claim("iat", json!(iat));
    claim("jti", json!(id));
    claim("client_id", json!(client_id));
    if !scope.is_empty() {
        claim("scope", json!(scope));
    }
    if let Subject::User(both) = &authorization.subject {
        user_claims(&both.0, &both.1, &authorization.target.scopes, &mut claim);
    }
    let algorithm = application.signing_algorithm.unwrap_or(tenancy.tenant().settings.signing_algorithm);
    let (kid, key) = tenancy.keys().current(algorithm)?;
    let payload = Value::Object(claims).to_string();
    let token = intelliauth_jose::sign_compact(key, TYP, kid, payload.as_bytes())
        .map_err(|error| Error::Internal(format!("access token: {error}")))?;
    Ok(TokenSet { access_token: Secret::new(token), id, expires_in, scope })
}

/// How long the token lives: as the application says, and not past its session. A session that is over is
/// forgotten, and a token that outlived it could no longer be killed by it.
fn life(application: &Application, subject: &Subject, iat: i64) -> u32 {
    let most = application.access_token_seconds;
    match subject {
        Subject::Client => most,
        Subject::User(both) => {
            let left = both.1.expires_at.seconds() - iat;
            u32::try_from(left.max(0)).map_or(most, |left| left.min(most))
        }
    }
}

fn user_claims(
    user: &intelliauth_model::User,
    session: &intelliauth_model::Session,
    scopes: &intelliauth_model::ScopeSet,
    claim: &mut impl FnMut(&str, Value) -> Option<Value>,
) {
    claim("sid", json!(session.id));
    claim("auth_time", json!(session.created_at.seconds()));
    claim("acr", json!(session.level.acr()));
    claim("amr", json!(session.amr));
    claim("auth_level", json!(session.level.auth_level()));
    if scopes.contains("email") {
        claim("email", json!(user.email.as_str()));
        claim("email_verified", json!(user.email_verified));
    }
    if let Some(name) = user.profile.name.as_ref().filter(|_| scopes.contains("profile")) {
        claim("name", json!(name));
    }
}

/// When the token counts as issued. A revocation of a user, client or tenant kills what was issued in the
/// same second too, so a token that comes after it is dated into the next. That happens to a subject only
/// right after its own revocation; somebody who does it over and over waits.
fn issued_at(tenancy: &Tenancy, sub: &str, client_id: &str) -> Result<i64, Error> {
    let now = tenancy.engine().now().seconds();
    let entry = tenancy.entry();
    let not_before = entry.with_revocations(|state| state.not_before(sub, client_id, tenancy.issuer()));
    let iat = not_before.map_or(now, |moment| now.max(moment + 1));
    if iat > now + FURTHEST_AHEAD {
        return Err(Error::Unavailable(
            "tokens of this subject were just revoked; try again in a few seconds".to_owned(),
        ));
    }
    entry.issued_at(iat);
    Ok(iat)
}
