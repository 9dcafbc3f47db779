use intelliauth_model::{EventKind, RevocationKind};

use super::Tenancy;
use crate::{Caller, Error, revocation};

/// Revokes every access token the tenant has issued until now.
pub async fn revoke_tokens(tenancy: &Tenancy, caller: &Caller) -> Result<(), Error> {
    let event = EventKind::TenantTokensRevoked;
    revocation::all_of(tenancy, caller, RevocationKind::Tenant, tenancy.issuer(), event).await
}
