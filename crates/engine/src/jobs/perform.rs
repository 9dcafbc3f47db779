use std::sync::Arc;

use intelliauth_model::{JobKind, Timestamp};

use super::Lease;
use crate::{Engine, Error, forgetting, keys, tenants};

/// Does one job; gives when it is to be done again.
pub(super) async fn perform(engine: &Arc<Engine>, lease: &Lease) -> Result<Timestamp, Error> {
    let job = lease.job();
    let tenancy = tenants::open(engine, job.tenant).await?;
    match job.name.kind {
        JobKind::KeySchedule => {
            let done = keys::follow_schedule(&tenancy).await?;
            if done.rotated + done.retired > 0 {
                tracing::info!(tenant = %job.tenant, rotated = done.rotated, retired = done.retired, "keys");
            }
            // What was done changes what is next.
            Ok(keys::look_again_at(&tenants::open(engine, job.tenant).await?))
        }
        JobKind::ForgetExpired => {
            let done = forgetting::forget(&tenancy, Some(lease)).await?;
            Ok(forgetting::look_again_at(engine, done))
        }
    }
}
