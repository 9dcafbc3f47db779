use intelliauth_model::Application;

use crate::{Caller, Error, IntegratorScope, Listing, Paged, Tenancy};

/// A page of the tenant's applications, newest first.
pub async fn list(
    tenancy: &Tenancy,
    caller: &Caller,
    listing: &Listing,
) -> Result<Paged<Application>, Error> {
    caller.require(IntegratorScope::ApplicationsRead)?;
    let opened = listing.open(tenancy, "applications")?;
    let rows = tenancy.store().applications(opened.page).await?;
    Ok(opened.close(tenancy, rows, |application| application.id.to_bytes()))
}
