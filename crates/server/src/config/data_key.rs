use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use intelliauth_engine::DataKey;
use zeroize::Zeroizing;

use crate::failure::{Failure, Outcome};

const VARIABLE: &str = "INTELLIAUTH_DATA_KEY";

/// The data key from exactly one of: the environment, a file only its owner can read, a command.
pub(super) async fn obtain(file: Option<&Path>, command: Option<&[String]>) -> Outcome<DataKey> {
    let variable = std::env::var(VARIABLE).ok().map(Zeroizing::new);
    match (variable, file, command) {
        (Some(text), None, None) => parse(&text, VARIABLE),
        (None, Some(path), None) => from_file(path),
        (None, None, Some(command)) => from_command(command).await,
        (None, None, None) => Err(Failure::new(format!(
            "the data key is missing: set data_key_file, data_key_command or {VARIABLE} (32 bytes in base64)"
        ))),
        _ => Err(Failure::new(format!(
            "the data key is given more than once: keep one of data_key_file, data_key_command, {VARIABLE}"
        ))),
    }
}

/// Reads 32 bytes of base64.
pub(crate) fn parse(text: &str, from: &str) -> Outcome<DataKey> {
    let bytes = STANDARD.decode(text.trim()).map(Zeroizing::new);
    if bytes.as_ref().is_ok_and(|bytes| bytes.windows(2).all(|pair| pair.first() == pair.last())) {
        return Err(Failure::new(format!(
            "the data key in {from} is one byte over and over; draw 32 random bytes"
        )));
    }
    let key = bytes.ok().and_then(|bytes| DataKey::from_bytes(&bytes).ok());
    key.ok_or_else(|| Failure::new(format!("the data key in {from} is not 32 bytes in base64")))
}

fn from_file(path: &Path) -> Outcome<DataKey> {
    let shown = path.display();
    let unreadable = |error| Failure::new(format!("the data key file {shown} cannot be read: {error}"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_err(unreadable)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Failure::new(format!(
                "the data key file {shown} is readable by others (mode {:03o}); make it 0600",
                mode & 0o777
            )));
        }
    }
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(unreadable)?);
    parse(&text, &shown.to_string())
}

/// Runs the command without a shell, so that nothing in it is expanded.
async fn from_command(command: &[String]) -> Outcome<DataKey> {
    let [program, arguments @ ..] = command else {
        return Err(Failure::new(
            "data_key_command is empty: give a list such as [\"vault\", \"read\", \"key\"]",
        ));
    };
    let (program, arguments) = (program.clone(), arguments.to_vec());
    let shown = program.clone();
    let run = move || {
        std::process::Command::new(program).args(arguments).stderr(std::process::Stdio::inherit()).output()
    };
    let output = tokio::task::spawn_blocking(run)
        .await
        .map_err(|_| Failure::new("data_key_command could not be run"))?
        .map_err(|error| Failure::new(format!("data_key_command '{shown}' could not be run: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!("data_key_command '{shown}' failed ({})", output.status)));
    }
    let text = Zeroizing::new(String::from_utf8_lossy(&output.stdout).into_owned());
    parse(&text, "what data_key_command printed")
}
