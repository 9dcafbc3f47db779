use intelliauth_model::{Admin, AdminId, Email, EventKind, Secret};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use super::Tenancy;
use crate::{
    Caller, Error,
    audit::{Happening, target},
};

/// Makes a console administrator.
pub async fn add_admin(
    tenancy: &Tenancy,
    caller: &Caller,
    email: Email,
    password: Secret,
) -> Result<Admin, Error> {
    caller.require_operator()?;
    let engine = tenancy.engine();
    let admin = Admin {
        id: AdminId::new(engine.clock(), engine.rng()),
        email,
        password_hash: engine.passwords().hash(password, engine.rng()).await?,
        created_at: engine.now(),
    };
    let tx = TenantTx::new().with(TenantWrite::InsertAdmin(Box::new(admin.clone()))).with(
        engine.event_write(Happening {
            kind: EventKind::AdminCreated,
            actor: caller.actor(),
            target: target("admin", admin.id),
            request_id: caller.request_id(),
            data: json!({}),
        }),
    );
    tenancy.commit(tx).await?;
    Ok(admin)
}
