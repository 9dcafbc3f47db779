//! Small files: the median stays under 150 lines, and a file over 400 needs a reason on record.

use crate::findings::Findings;
use crate::workspace::{Workspace, has_extension};

const MEDIAN_LIMIT: usize = 150;
const FILE_LIMIT: usize = 400;
const EXCEPTIONS: &str = "xtask/size-exceptions.txt";

/// Counts every source file.
pub(crate) fn check(workspace: &Workspace, findings: &mut Findings) {
    let exceptions = exceptions(&workspace.text(EXCEPTIONS).unwrap_or_default(), findings);
    let mut counts = Vec::new();
    let mut used = Vec::new();
    for file in workspace.files.iter().filter(|file| is_source(file)) {
        let lines = workspace.text(file).unwrap_or_default().lines().count();
        counts.push(lines);
        if lines > FILE_LIMIT {
            if exceptions.contains(file) {
                used.push(file);
            } else {
                findings.add(format!("{file} has {lines} lines; split it, or give a reason in {EXCEPTIONS}"));
            }
        }
    }
    for name in exceptions.iter().filter(|name| !used.contains(name)) {
        findings.add(format!("{EXCEPTIONS} excuses {name}, which needs no excuse"));
    }
    let median = median(&mut counts);
    findings.note(format!("{} source files, median {median} lines", counts.len()));
    if median >= MEDIAN_LIMIT {
        findings.add(format!(
            "the median source file has {median} lines; the house keeps it under {MEDIAN_LIMIT}"
        ));
    }
}

fn is_source(file: &str) -> bool {
    let rooms = ["crates/", "bindings/", "packages/", "xtask/", "scripts/", "tests/", "examples/", "bench/"];
    rooms.iter().any(|room| file.starts_with(room))
        && has_extension(file, &["rs", "ts", "tsx", "mjs", "cjs", "js"])
}

/// The files named in the list. Each line is `path  reason`.
fn exceptions(text: &str, findings: &mut Findings) -> Vec<String> {
    let mut names = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.split_once(char::is_whitespace) {
            Some((name, reason)) if !reason.trim().is_empty() => names.push(name.to_owned()),
            _ => findings.add(format!("{EXCEPTIONS}: `{line}` gives no reason")),
        }
    }
    names
}

fn median(counts: &mut [usize]) -> usize {
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_needs_a_reason() {
        let mut findings = Findings::default();
        let names = exceptions("# list\ncrates/a.rs  one table\ncrates/b.rs\n", &mut findings);
        assert_eq!(names, ["crates/a.rs"]);
        assert_eq!(findings.list().len(), 1);
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median(&mut [900, 10, 20]), 20);
        assert_eq!(median(&mut []), 0);
    }
}
