//! `cargo xtask tidy`: the rules of the house about rooms, files and words.

mod packages;
mod rooms;
mod secrets;
mod sizes;
mod words;

use crate::findings::Findings;
use crate::workspace::Workspace;

/// Every rule, over the whole repository.
pub(crate) fn check(workspace: &Workspace) -> Result<Findings, String> {
    let mut findings = Findings::default();
    rooms::check(&workspace.crates, &mut findings);
    packages::check(workspace, &mut findings)?;
    sizes::check(workspace, &mut findings);
    words::check(workspace, &mut findings);
    secrets::check(workspace, &mut findings);
    findings.note(format!("{} crates, {} files", workspace.crates.len(), workspace.files.len()));
    Ok(findings)
}
