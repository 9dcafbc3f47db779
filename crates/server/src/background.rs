use std::{sync::Arc, time::Duration};

use intelliauth_engine::{Engine, Error, keys, tenants};
use intelliauth_store::Page;
use intelliauth_store_postgres::{Listener, Notice};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;

/// How often keys and expired rows are looked after.
const ROUND: Duration = Duration::from_mins(1);
const TENANTS_AT_ONCE: u32 = 100;

/// Looks after every tenant once a minute until `stop`.
pub(crate) async fn housekeeping(
    engine: Arc<Engine>,
    metrics: PrometheusHandle,
    mut stop: watch::Receiver<bool>,
) {
    let mut ticks = tokio::time::interval(ROUND);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        metrics.run_upkeep();
        if let Err(error) = round(&engine).await {
            tracing::warn!(%error, "housekeeping");
        }
    }
}

/// Looks again at what other nodes say they have changed. Without this a change made elsewhere is seen a
/// quarter of a second late; with it, mostly at once.
pub(crate) async fn notices(engine: Arc<Engine>, mut listener: Listener, mut stop: watch::Receiver<bool>) {
    loop {
        let notice = tokio::select! {
            notice = listener.next() => notice,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        match notice {
            Some(Notice::Tenant(id)) => tenants::changed_elsewhere(&engine, Some(id)),
            Some(Notice::Everything) => tenants::changed_elsewhere(&engine, None),
            None => return,
        }
    }
}

async fn round(engine: &Arc<Engine>) -> Result<(), Error> {
    let mut before = None;
    loop {
        let page = Page { before, limit: TENANTS_AT_ONCE };
        let batch = engine.store().tenants(page).await?;
        for tenant in &batch {
            let done = match tenants::open(engine, tenant.id).await {
                Ok(tenancy) => keys::housekeeping(&tenancy).await,
                Err(error) => Err(error),
            };
            match done {
                Ok(done) if done.rotated + done.retired > 0 => {
                    tracing::info!(tenant = %tenant.id, rotated = done.rotated, retired = done.retired, "keys");
                }
                Ok(_) => {}
                // Another process may have been faster, or this tenant's rows are damaged: the others go on.
                Err(error) => tracing::warn!(tenant = %tenant.id, %error, "housekeeping"),
            }
        }
        let Some(last) = batch.last().filter(|_| batch.len() == TENANTS_AT_ONCE as usize) else {
            return Ok(());
        };
        before = Some(last.id.to_bytes());
    }
}
