use std::{num::NonZeroU32, sync::Arc};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter, clock::Clock as _};
use intelliauth_engine::Tenancy;
use intelliauth_model::TenantId;
use quick_cache::sync::Cache;

use crate::{App, respond::Problem};

/// How many tenants' counters are kept; the least used make room.
const KEPT: usize = 10_000;

/// A counter per tenant, for this process.
pub(crate) struct RateLimits(Cache<TenantId, Arc<Limiter>>);

struct Limiter {
    per_minute: u32,
    limiter: DefaultDirectRateLimiter,
}

impl RateLimits {
    pub(crate) fn new() -> Self {
        Self(Cache::new(KEPT))
    }

    fn of(&self, tenant: TenantId, per_minute: u32) -> Arc<Limiter> {
        if let Some(known) = self.0.get(&tenant)
            && known.per_minute == per_minute
        {
            return known;
        }
        let rate = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        // Half a minute's worth may come at once: the documented burst window of 30 s.
        let burst = NonZeroU32::new(per_minute / 2).unwrap_or(NonZeroU32::MIN);
        let limiter = RateLimiter::direct(Quota::per_minute(rate).allow_burst(burst));
        let made = Arc::new(Limiter { per_minute, limiter });
        self.0.insert(tenant, Arc::clone(&made));
        made
    }
}

/// Counts the request against its tenant; over the limit it is 429 with `Retry-After`.
pub(crate) async fn enforce(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let Some(tenancy) = request.extensions().get::<Tenancy>() else { return next.run(request).await };
    let per_minute = tenancy.tenant().settings.requests_per_minute.unwrap_or(app.limits.requests_per_minute);
    let limiter = app.rates.of(tenancy.id(), per_minute);
    match limiter.limiter.check() {
        Ok(()) => next.run(request).await,
        Err(over) => {
            metrics::counter!("intelliauth_rate_limited_total").increment(1);
            let now = governor::clock::DefaultClock::default().now();
            Problem::rate_limited(over.wait_time_from(now)).into_response()
        }
    }
}
