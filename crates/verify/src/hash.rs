use aws_lc_rs::digest::{SHA256, digest};

/// What the revocation feed calls an id: the first 16 bytes of SHA-256 over `<kind>:<id>`, in base64url.
/// The feed is public and must tell nobody's ids.
#[must_use]
pub fn id_hash(kind: &str, id: &str) -> String {
    let digest = digest(&SHA256, format!("{kind}:{id}").as_bytes());
    intelliauth_jose::b64_encode(digest.as_ref().get(..16).unwrap_or_default())
}
