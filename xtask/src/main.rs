//! Repository chores: what a rule of the house forbids, and a compiler cannot see, is checked here.
//!
//! `cargo xtask tidy` checks the rooms, `cargo xtask deny` the supply chain, `cargo xtask drift` what is copied
//! or generated. Each prints every finding and fails when there is one.

mod deny;
mod drift;
mod findings;
mod tidy;
mod workspace;

use std::process::ExitCode;

use findings::Findings;
use workspace::Workspace;

const USAGE: &str = "usage: cargo xtask <tidy|deny|drift>";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let chore = args.next().unwrap_or_default();
    match run(&chore) {
        Ok(findings) => findings.report(&chore),
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: &str) -> Result<Findings, String> {
    match chore {
        "tidy" => tidy::check(&Workspace::load()?),
        "deny" => deny::check(&Workspace::load()?),
        "drift" => drift::check(&Workspace::load()?),
        _ => Err(USAGE.to_owned()),
    }
}
