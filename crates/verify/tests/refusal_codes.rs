//! The codes that clients are written against.

use intelliauth_verify::Refusal;

#[test]
fn codes_are_stable() {
    let codes = [
        (Refusal::Expired, "token_expired"),
        (Refusal::Revoked, "token_revoked"),
        (Refusal::Audience, "invalid_audience"),
        (Refusal::Issuer, "invalid_token"),
        (Refusal::NotYet, "invalid_token"),
        (Refusal::Bound, "invalid_token"),
        (Refusal::Signature, "invalid_token"),
        (Refusal::KeyMismatch, "invalid_token"),
        (Refusal::Claim("sub"), "invalid_token"),
        (Refusal::Header("alg"), "invalid_token"),
        (Refusal::Malformed("it is too long"), "invalid_token"),
        (Refusal::UnknownKey { kid: "key".to_owned() }, "invalid_token"),
    ];
    for (refusal, code) in codes {
        assert_eq!(refusal.code(), code, "{refusal:?}");
    }
}
