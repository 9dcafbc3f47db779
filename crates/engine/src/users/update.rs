use intelliauth_model::{Email, EventKind, Profile, RevocationKind, Secret, User, UserId};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use super::policy;
use crate::{
    Caller, Error, IntegratorScope, Tenancy,
    audit::{Happening, target},
    revocation,
};

/// What to change of a profile; `Some(None)` removes.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// Full name.
    pub name: Option<Option<String>>,
    /// Given name.
    pub given_name: Option<Option<String>>,
    /// Family name.
    pub family_name: Option<Option<String>>,
    /// URL of a picture.
    pub picture: Option<Option<String>>,
    /// BCP 47 language tag.
    pub locale: Option<Option<String>>,
}

/// What to change of a user; `None` leaves as it is.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// Address. A new one is unverified unless `email_verified` says otherwise in the same change.
    pub email: Option<Email>,
    /// Whether the caller vouches for the address.
    pub email_verified: Option<bool>,
    /// What the scope `profile` shows.
    pub profile: ProfileChange,
    /// A new password. Every token the user has dies.
    pub password: Option<Secret>,
    /// Whether the next sign-in must choose a new password.
    pub password_must_be_reset: Option<bool>,
}

/// Changes a user. A change that changes nothing leaves no trace.
pub async fn update(
    tenancy: &Tenancy,
    caller: &Caller,
    id: UserId,
    change: UserChange,
) -> Result<User, Error> {
    caller.require(IntegratorScope::UsersWrite)?;
    let engine = tenancy.engine();
    let before = tenancy.store().user(id).await?.ok_or(Error::NotFound("user"))?;
    let expected = before.version;
    let moved = change.email.as_ref().is_some_and(|email| *email != before.email);
    let password_changed = change.password.is_some();
    let password_hash = match change.password {
        Some(password) => Some(engine.passwords().hash(password, engine.rng()).await?),
        None => before.password_hash.clone(),
    };
    let mut user = User {
        email: change.email.unwrap_or_else(|| before.email.clone()),
        email_verified: change.email_verified.unwrap_or(before.email_verified && !moved),
        profile: merge(before.profile.clone(), change.profile),
        password_hash,
        password_must_be_reset: change.password_must_be_reset.unwrap_or(before.password_must_be_reset),
        ..before.clone()
    };
    if user == before {
        return Ok(before);
    }
    user.version = expected.next();
    user.updated_at = engine.now();
    policy::check_profile(&user.profile)?;
    let mut tx = TenantTx::new().with(TenantWrite::UpdateUser { user: Box::new(user.clone()), expected });
    if password_changed {
        // Whoever knew the old password may hold a token.
        tx.push(revocation::until_now(tenancy, RevocationKind::User, &id.to_string()).await?);
    }
    tx.push(engine.event_write(Happening {
        kind: EventKind::UserUpdated,
        actor: caller.actor(),
        target: target("user", id),
        request_id: caller.request_id(),
        data: json!({
            "email_changed": moved, "email_verified": user.email_verified, "password_changed": password_changed,
        }),
    }));
    tenancy.commit(tx).await?;
    Ok(user)
}

fn merge(before: Profile, change: ProfileChange) -> Profile {
    Profile {
        name: change.name.unwrap_or(before.name),
        given_name: change.given_name.unwrap_or(before.given_name),
        family_name: change.family_name.unwrap_or(before.family_name),
        picture: change.picture.unwrap_or(before.picture),
        locale: change.locale.unwrap_or(before.locale),
    }
}
