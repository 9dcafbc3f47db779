use intelliauth_model::{ApplicationId, EventKind, RevocationKind};

use crate::{Caller, Error, Tenancy, revocation};

/// Revokes every access token the application has been given until now.
pub async fn revoke_tokens(tenancy: &Tenancy, caller: &Caller, id: ApplicationId) -> Result<(), Error> {
    caller.require_operator()?;
    tenancy.store().application(id).await?.ok_or(Error::NotFound("application"))?;
    let event = EventKind::ClientTokensRevoked;
    revocation::all_of(tenancy, caller, RevocationKind::Client, &id.to_string(), event).await
}
