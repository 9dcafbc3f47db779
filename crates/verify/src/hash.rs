use aws_lc_rs::digest::{SHA256, digest};

/// What the revocation feed calls an id: the first 16 bytes of SHA-256 over `<kind>:<id>`. The feed is public
/// and must tell nobody's ids.
#[must_use]
pub fn id_hash_bytes(kind: &str, id: &str) -> [u8; 16] {
    let digest = digest(&SHA256, format!("{kind}:{id}").as_bytes());
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}

/// The same as the feed writes it, in base64url.
#[must_use]
pub fn id_hash(kind: &str, id: &str) -> String {
    intelliauth_jose::b64_encode(&id_hash_bytes(kind, id))
}
