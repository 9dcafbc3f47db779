use std::{sync::Arc, time::Duration};

use intelliauth_engine::Engine;
use ipnet::IpNet;

use crate::rate_limit::RateLimits;

/// Bounds on what one request may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest body in bytes. Default 64 KiB.
    pub body_bytes: usize,
    /// Longest time from the first byte of the head to the last of the answer. Default 30 s.
    pub request_time: Duration,
    /// Requests per minute and tenant, unless the tenant's settings say otherwise. Default 1000.
    pub requests_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 64 * 1024, request_time: Duration::from_secs(30), requests_per_minute: 1000 }
    }
}

/// What the composition root gives the HTTP surface.
pub struct AppParts {
    /// The rules.
    pub engine: Arc<Engine>,
    /// Bounds.
    pub limits: Limits,
    /// Networks whose `X-Forwarded-Host` is believed. None by default: whoever may name the host chooses
    /// the tenant.
    pub trusted_proxies: Vec<IpNet>,
}

/// What every handler can reach.
pub struct App {
    pub(crate) engine: Arc<Engine>,
    pub(crate) limits: Limits,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) rates: RateLimits,
}

impl App {
    /// Puts the surface together.
    #[must_use]
    pub fn new(parts: AppParts) -> Arc<Self> {
        let AppParts { engine, limits, trusted_proxies } = parts;
        Arc::new(Self { engine, limits, trusted_proxies, rates: RateLimits::new() })
    }
}
