use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// Unpadded base64url (RFC 7515 §2) in its one canonical spelling: stray trailing bits are refused, since
/// two spellings of one token would be two keys in a cache and one token in a deny list.
const CANONICAL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(false),
);

/// A text that is not canonical base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not canonical base64url")]
pub struct NotCanonical;

/// Decodes canonical unpadded base64url.
pub fn decode(text: &str) -> Result<Vec<u8>, NotCanonical> {
    CANONICAL.decode(text).map_err(|_| NotCanonical)
}

/// Encodes as unpadded base64url.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    CANONICAL.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only() {
        assert_eq!(decode("AA"), Ok(vec![0]));
        for text in ["AB", "AA==", "AA=", "A", "A+", "A/", " AA", "AA\n", "A A", "ÄA"] {
            assert_eq!(decode(text), Err(NotCanonical), "{text:?}");
        }
    }
}
