use std::sync::Arc;

use crate::{Tenancy, keys::JWKS_MAX_AGE_SECONDS};

/// The published keys and how long they may be cached.
#[derive(Clone, Debug)]
pub struct PublishedKeys {
    /// The JWKS (RFC 7517 §5) as JSON text.
    pub json: Arc<str>,
    /// Changes whenever the keys do.
    pub etag: Arc<str>,
    /// How long it may be cached, in seconds.
    pub max_age: u32,
}

/// The tenant's JWKS: next, current and previous keys of every algorithm.
#[must_use]
pub fn jwks(tenancy: &Tenancy) -> PublishedKeys {
    PublishedKeys { json: tenancy.keys().jwks(), etag: tenancy.keys().etag(), max_age: JWKS_MAX_AGE_SECONDS }
}
