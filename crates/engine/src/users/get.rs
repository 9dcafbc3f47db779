use intelliauth_model::{Email, User, UserId};

use crate::{Caller, Error, IntegratorScope, Tenancy};

/// The user with this id.
pub async fn get(tenancy: &Tenancy, caller: &Caller, id: UserId) -> Result<User, Error> {
    caller.require(IntegratorScope::UsersRead)?;
    tenancy.store().user(id).await?.ok_or(Error::NotFound("user"))
}

/// The user with this address.
pub async fn find(tenancy: &Tenancy, caller: &Caller, email: &Email) -> Result<User, Error> {
    caller.require(IntegratorScope::UsersRead)?;
    tenancy.store().user_by_email(email).await?.ok_or(Error::NotFound("user"))
}
