use intelliauth_model::{EventKind, RevocationKind, UserId};

use crate::{Caller, Error, Tenancy, revocation};

/// Revokes every access token the user has been given until now.
pub async fn revoke_tokens(tenancy: &Tenancy, caller: &Caller, id: UserId) -> Result<(), Error> {
    caller.require_operator()?;
    tenancy.store().user(id).await?.ok_or(Error::NotFound("user"))?;
    let event = EventKind::UserTokensRevoked;
    revocation::all_of(tenancy, caller, RevocationKind::User, &id.to_string(), event).await
}
