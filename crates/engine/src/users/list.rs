use intelliauth_model::User;
use intelliauth_store::UserFilter;

use crate::{Caller, Error, IntegratorScope, Listing, Paged, Tenancy};

/// A page of the tenant's users, newest first; with `email_prefix` only those whose address begins so.
pub async fn list(
    tenancy: &Tenancy,
    caller: &Caller,
    email_prefix: Option<String>,
    listing: &Listing,
) -> Result<Paged<User>, Error> {
    caller.require(IntegratorScope::UsersRead)?;
    let email_prefix =
        email_prefix.map(|prefix| prefix.trim().to_lowercase()).filter(|prefix| !prefix.is_empty());
    if email_prefix.as_ref().is_some_and(|prefix| prefix.len() > 254) {
        return Err(Error::invalid("email", "an address has at most 254 bytes"));
    }
    let opened = listing.open(tenancy, &format!("users\n{}", email_prefix.as_deref().unwrap_or_default()))?;
    let rows = tenancy.store().users(&UserFilter { email_prefix }, opened.page).await?;
    Ok(opened.close(tenancy, rows, |user| user.id.to_bytes()))
}
