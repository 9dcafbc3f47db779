//! cargo-deny itself, where it is installed: it knows the advisories.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::findings::Findings;

/// The version `XTASK_INSTALL=1` installs.
const VERSION: &str = "0.20.2";
/// Set on machines that hold an advisory database already and cannot fetch a newer one.
const OFFLINE: &str = "XTASK_OFFLINE";

/// Runs cargo-deny, or says that it was not run.
pub(crate) fn run(root: &Path, findings: &mut Findings) -> Result<(), String> {
    if !installed() {
        if std::env::var("XTASK_INSTALL").as_deref() != Ok("1") {
            findings.note(
                "cargo-deny is not installed, so advisories were NOT checked (XTASK_INSTALL=1 installs it)",
            );
            return Ok(());
        }
        succeed(cargo().args(["install", "--locked", "cargo-deny", "--version", VERSION]))?;
    }
    let mut command = cargo();
    command.current_dir(root).args(["deny", "--all-features"]);
    if std::env::var_os(OFFLINE).is_some() {
        command.arg("--offline");
    }
    command.arg("check");
    if succeed(&mut command).is_err() {
        findings.add("cargo-deny found something, see above");
    }
    Ok(())
}

fn installed() -> bool {
    let mut command = cargo();
    command.args(["deny", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("cargo cannot be run: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("cargo failed: {status}")) }
}
