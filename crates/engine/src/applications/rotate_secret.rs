use intelliauth_model::{ApplicationId, ClientSecret, EventKind, Secret, Timestamp};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use super::create::draw;
use crate::{
    Caller, Error, Idempotent, IntegratorScope, Tenancy,
    audit::{Happening, target},
    idempotency,
};

/// A new secret, shown this once.
#[derive(Clone, Debug)]
pub struct RotatedSecret {
    /// The secret that works from now on; `None` when the request was a repetition.
    pub secret: Option<Secret>,
    /// When the secret before it stops working.
    pub previous_expires_at: Option<Timestamp>,
}

/// Gives a confidential application a new secret. The one before works on for the tenant's overlap, or not
/// at all if `revoke_previous`. Never more than two work: while one works on that was promised to, there is
/// no rotation but with `revoke_previous`, which ends both.
pub async fn rotate_secret(
    tenancy: &Tenancy,
    caller: &Caller,
    id: ApplicationId,
    revoke_previous: bool,
    idempotent: Option<&Idempotent>,
) -> Result<RotatedSecret, Error> {
    caller.require(IntegratorScope::ApplicationsWrite)?;
    // A repetition must not rotate again: that would end the secret that is still in use everywhere.
    if idempotency::replayed(tenancy, caller, idempotent).await?.is_some() {
        return rotated_before(tenancy, id).await;
    }
    let engine = tenancy.engine();
    let now = engine.now();
    let application = tenancy.store().application(id).await?.ok_or(Error::NotFound("application"))?;
    // The new secret lets its holder act as the application: a caller must hold what it may do.
    caller.may_grant(tenancy, &application)?;
    if !application.kind.is_confidential() {
        return Err(Error::invalid("id", "a public application has no secret"));
    }
    let overlap = now.plus_seconds(i64::from(tenancy.tenant().settings.secret_overlap_hours) * 3600);
    let mut tx = TenantTx::new();
    let mut previous_expires_at = None;
    let secrets = tenancy.store().client_secrets(id).await?;
    if !revoke_previous {
        keeps_promise(&secrets, now)?;
    }
    for secret in secrets {
        if secret.expires_at.is_none() && !revoke_previous {
            tx.push(TenantWrite::ExpireClientSecret { id: secret.id, at: overlap });
            previous_expires_at = Some(overlap);
        } else {
            tx.push(TenantWrite::DeleteClientSecret(secret.id));
        }
    }
    let (secret, row) = draw(tenancy, id);
    tx.push(TenantWrite::InsertClientSecret(Box::new(row)));
    tx.push(engine.event_write(Happening {
        kind: EventKind::SecretRotated,
        actor: caller.actor(),
        target: target("application", id),
        request_id: caller.request_id(),
        data: json!({ "revoke_previous": revoke_previous }),
    }));
    if let Some(write) = idempotency::remember(tenancy, caller, idempotent, id) {
        tx.push(write);
    }
    match tenancy.commit(tx).await {
        Ok(_) => Ok(RotatedSecret { secret: Some(secret), previous_expires_at }),
        Err(error) => match idempotency::overtaken(tenancy, caller, idempotent, error).await {
            Ok(_) => rotated_before(tenancy, id).await,
            // Another rotation came first: this one is refused as one that comes after it.
            Err(Error::Stale) if !revoke_previous => {
                keeps_promise(&tenancy.store().client_secrets(id).await?, engine.now())?;
                Err(Error::Stale)
            }
            Err(error) => Err(error),
        },
    }
}

/// Refuses while the secret before the current one still has to work: programs use it, because the rotation
/// said until when they may.
fn keeps_promise(secrets: &[ClientSecret], now: Timestamp) -> Result<(), Error> {
    let Some(until) = secrets.iter().filter_map(|secret| secret.expires_at).filter(|at| *at > now).max()
    else {
        return Ok(());
    };
    Err(Error::Refused {
        code: "rotation_in_progress",
        message: format!(
            "the secret before the current one still works for {} s",
            until.seconds() - now.seconds()
        ),
    })
}

async fn rotated_before(tenancy: &Tenancy, id: ApplicationId) -> Result<RotatedSecret, Error> {
    let secrets = tenancy.store().client_secrets(id).await?;
    let previous_expires_at = secrets.iter().filter_map(|secret| secret.expires_at).max();
    Ok(RotatedSecret { secret: None, previous_expires_at })
}
