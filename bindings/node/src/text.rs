use napi::JsString;

/// The longest text that is checked: the largest revocation feed the SDK reads. Tokens are far shorter, and the SDK
/// holds them to their own bound before they get here. Anything longer is refused uncopied.
const MAX_TEXT_LENGTH: usize = 16 * 1024 * 1024;

/// The Latin-1 bytes of a text, or `None` if it is too long or has a character outside Latin-1.
///
/// The engine's own conversion cuts every UTF-16 unit to its low byte, so that `Ł` (U+0141) becomes `A`: a
/// text that was never signed would pass for one that was. Hence the checks.
pub(crate) fn latin1_bytes(text: JsString<'_>) -> napi::Result<Option<Vec<u8>>> {
    let length = text.utf16_len()?;
    if length > MAX_TEXT_LENGTH {
        return Ok(None);
    }
    // One UTF-8 byte per UTF-16 unit means ASCII, which every token is. It need not be widened and narrowed.
    if text.utf8_len()? == length {
        return Ok(Some(text.into_latin1()?.take()));
    }
    let wide = text.into_utf16()?;
    Ok(wide.as_slice().iter().take(length).map(|&unit| u8::try_from(unit).ok()).collect())
}
