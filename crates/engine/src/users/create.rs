use intelliauth_model::{Email, EventKind, Profile, Secret, User, UserId, UserState, Version};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use super::policy;
use crate::{
    Caller, Error, Idempotent, IntegratorScope, Tenancy,
    audit::{Happening, target},
    idempotency,
};

/// What a new user is made of.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Address; unique in the tenant.
    pub email: Email,
    /// Whether the caller vouches for the address.
    pub email_verified: bool,
    /// What the scope `profile` shows.
    pub profile: Profile,
    /// First password, if any.
    pub password: Option<Secret>,
    /// Whether the first sign-in must choose a new password.
    pub password_must_be_reset: bool,
}

/// Makes a user.
pub async fn create(
    tenancy: &Tenancy,
    caller: &Caller,
    new: NewUser,
    idempotent: Option<&Idempotent>,
) -> Result<User, Error> {
    caller.require(IntegratorScope::UsersWrite)?;
    if let Some(id) = idempotency::replayed(tenancy, caller, idempotent).await? {
        return made_before(tenancy, &id).await;
    }
    policy::check_profile(&new.profile)?;
    let engine = tenancy.engine();
    let password_hash = match new.password {
        Some(password) => Some(engine.passwords().hash(password, engine.rng()).await?),
        None => None,
    };
    let now = engine.now();
    let user = User {
        id: UserId::new(engine.clock(), engine.rng()),
        email: new.email,
        email_verified: new.email_verified,
        profile: new.profile,
        password_hash,
        password_must_be_reset: new.password_must_be_reset,
        state: UserState::Active,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    };
    let mut tx = TenantTx::new().with(TenantWrite::InsertUser(Box::new(user.clone())));
    if let Some(write) = idempotency::remember(tenancy, caller, idempotent, user.id) {
        tx.push(write);
    }
    tx.push(engine.event_write(Happening {
        kind: EventKind::UserCreated,
        actor: caller.actor(),
        target: target("user", user.id),
        request_id: caller.request_id(),
        data: json!({ "email_verified": user.email_verified }),
    }));
    match tenancy.commit(tx).await {
        Ok(_) => Ok(user),
        Err(error) => {
            made_before(tenancy, &idempotency::overtaken(tenancy, caller, idempotent, error).await?).await
        }
    }
}

async fn made_before(tenancy: &Tenancy, id: &str) -> Result<User, Error> {
    let id = id.parse().map_err(|_| Error::Internal("remembered id".to_owned()))?;
    tenancy.store().user(id).await?.ok_or(Error::NotFound("user"))
}
