//! What a chore found wrong.

use std::process::ExitCode;

/// Findings in the order they were made, and how much was looked at.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: Vec<String>,
    notes: Vec<String>,
}

impl Findings {
    /// Something that must be mended.
    pub(crate) fn add(&mut self, what: impl Into<String>) {
        self.found.push(what.into());
    }

    /// Something worth a line, good or bad.
    pub(crate) fn note(&mut self, what: impl Into<String>) {
        self.notes.push(what.into());
    }

    /// The findings.
    #[cfg(test)]
    pub(crate) fn list(&self) -> &[String] {
        &self.found
    }

    /// Prints everything; the exit code is the verdict.
    pub(crate) fn report(self, chore: &str) -> ExitCode {
        for note in &self.notes {
            println!("{chore}: {note}");
        }
        for finding in &self.found {
            eprintln!("{chore}: {finding}");
        }
        if self.found.is_empty() {
            println!("{chore}: nothing found");
            ExitCode::SUCCESS
        } else {
            eprintln!("{chore}: {} found", self.found.len());
            ExitCode::FAILURE
        }
    }
}
