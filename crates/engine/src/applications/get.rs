use intelliauth_model::{Application, ApplicationId};

use crate::{Caller, Error, IntegratorScope, Tenancy};

/// The application with this id.
pub async fn get(tenancy: &Tenancy, caller: &Caller, id: ApplicationId) -> Result<Application, Error> {
    caller.require(IntegratorScope::ApplicationsRead)?;
    tenancy.store().application(id).await?.ok_or(Error::NotFound("application"))
}
