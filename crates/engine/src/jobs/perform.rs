use std::sync::Arc;

use intelliauth_model::{JobKind, Timestamp};

use super::Lease;
use crate::{Engine, Error, Tenancy, forgetting, keys, tenants};

/// Does one job; gives when it is to be done again.
pub(super) async fn perform(engine: &Arc<Engine>, lease: &Lease) -> Result<Timestamp, Error> {
    let job = lease.job();
    let tenancy = as_it_is(engine, lease).await?;
    match job.name.kind {
        JobKind::KeySchedule => {
            let done = keys::follow_schedule(&tenancy).await?;
            if done.rotated + done.retired > 0 {
                tracing::info!(tenant = %job.tenant, rotated = done.rotated, retired = done.retired, "keys");
            }
            // What was done changes what is next.
            Ok(keys::look_again_at(&as_it_is(engine, lease).await?))
        }
        JobKind::ForgetExpired => {
            let done = forgetting::forget(&tenancy, Some(lease)).await?;
            Ok(forgetting::look_again_at(engine, done))
        }
    }
}

/// The tenant as it is now. What is at hand of it may be a quarter of a second old, and so be from before the change
/// that asked for this work; then the work would be done in vain, and not again for long.
async fn as_it_is(engine: &Arc<Engine>, lease: &Lease) -> Result<Tenancy, Error> {
    tenants::changed_elsewhere(engine, Some(lease.job().tenant));
    tenants::open(engine, lease.job().tenant).await
}
