use intelliauth_jose::VerifyingKey;
use napi::bindgen_prelude::{AsyncTask, Uint8ArraySlice};
use napi::{Env, JsString, Task};
use napi_derive::napi;

use crate::guard::unless_panicking;
use crate::key_handle::KeyHandle;
use crate::text::latin1_bytes;

/// The longest signature there is: RSA with 8192 bits.
const MAX_SIGNATURE_LENGTH: usize = 1024;

/// Whether `signature` is the key's over the Latin-1 bytes of `signingInput`. For a lone check: it is done
/// before another thread could be woken.
#[napi(catch_unwind)]
pub fn check_sync(
    key: &KeyHandle,
    signing_input: JsString<'_>,
    signature: Uint8ArraySlice<'_>,
) -> napi::Result<bool> {
    let mut question = Question::new(key, signing_input, &signature)?;
    Ok(question.answer())
}

/// The same off the calling thread, for when several are to be checked.
#[napi(catch_unwind)]
pub fn check(
    key: &KeyHandle,
    signing_input: JsString<'_>,
    signature: Uint8ArraySlice<'_>,
) -> napi::Result<AsyncTask<Question>> {
    Question::new(key, signing_input, &signature).map(AsyncTask::new)
}

/// A check to be made. It owns what it needs, so that nothing JavaScript does meanwhile can change it.
pub struct Question {
    key: VerifyingKey,
    /// `None` if the arguments cannot belong to a good signature.
    signed: Option<(Vec<u8>, Vec<u8>)>,
}

impl Question {
    fn new(key: &KeyHandle, text: JsString<'_>, signature: &[u8]) -> napi::Result<Self> {
        let key = key.key().clone();
        if signature.len() > MAX_SIGNATURE_LENGTH {
            return Ok(Self { key, signed: None });
        }
        let signed = latin1_bytes(text)?.map(|message| (message, signature.to_vec()));
        Ok(Self { key, signed })
    }

    fn answer(&mut self) -> bool {
        let Some((message, signature)) = self.signed.take() else { return false };
        unless_panicking(false, || self.key.verify(&message, &signature))
    }
}

impl Task for Question {
    type Output = bool;
    type JsValue = bool;

    fn compute(&mut self) -> napi::Result<bool> {
        Ok(self.answer())
    }

    fn resolve(&mut self, _env: Env, answer: bool) -> napi::Result<bool> {
        Ok(answer)
    }
}
