use intelliauth_verify::{AccessClaims, Policy, Refusal, Verified, verify};

use crate::{Tenancy, revocation::RevocationState};

/// Checks one of the tenant's own access tokens: whether it is good, and to the second. Who wrote `exp` needs
/// no allowance for clocks that differ, and RFC 7662 §2.2 wants `active` only of a token within its time.
pub(super) fn check(
    tenancy: &Tenancy,
    policy: &Policy,
    token: &str,
) -> Result<Verified<AccessClaims>, Refusal> {
    let claims = check_as_others_do(tenancy, policy, token)?;
    if claims.exp <= tenancy.engine().now().seconds() {
        return Err(Refusal::Expired);
    }
    Ok(claims)
}

/// The same with the allowance of the verifier everybody uses: whether an API somewhere may still take the
/// token. With the revocations as the store has them.
pub(super) fn check_as_others_do(
    tenancy: &Tenancy,
    policy: &Policy,
    token: &str,
) -> Result<Verified<AccessClaims>, Refusal> {
    let now = tenancy.engine().now().seconds();
    let claims = verify(token, policy, tenancy.keys().set(), None, now)?;
    if tenancy.entry().with_revocations(|state| is_revoked(state, &claims)) {
        return Err(Refusal::Revoked);
    }
    Ok(claims)
}

fn is_revoked(state: &RevocationState, claims: &AccessClaims) -> bool {
    state.kills(&crate::revocation::Revocable {
        jti: &claims.jti,
        sid: claims.sid.as_deref(),
        sub: &claims.sub,
        client_id: &claims.client_id,
        issuer: &claims.iss,
        iat: claims.iat,
    })
}

/// The policy for tokens of this tenant, whatever API they are for. Only for the issuer's own endpoints:
/// introspection and revocation are about the token, they do not accept it.
pub(super) fn any_audience(tenancy: &Tenancy) -> Policy {
    Policy::new(tenancy.issuer(), [tenancy.api_audience()]).dangerous_any_audience()
}
