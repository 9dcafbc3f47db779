//! The repository as the chores see it: cargo's metadata and the files git knows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The workspace's root, crates and files.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The directory of the root manifest.
    pub(crate) root: PathBuf,
    /// The members.
    pub(crate) crates: Vec<Crate>,
    /// Every file that is or would be committed, relative to the root, with `/`.
    pub(crate) files: Vec<String>,
}

/// A member of the workspace.
#[derive(Debug)]
pub(crate) struct Crate {
    /// Its name.
    pub(crate) name: String,
    /// What it depends on.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One dependency as the manifest states it.
#[derive(Debug)]
pub(crate) struct Dependency {
    /// The crate's name.
    pub(crate) name: String,
    /// Whether only tests, examples and benches see it.
    pub(crate) dev: bool,
    /// Whether it lives in this repository.
    pub(crate) ours: bool,
}

impl Workspace {
    /// Asks cargo and git.
    pub(crate) fn load() -> Result<Self, String> {
        let metadata = cargo_metadata(&["--no-deps"])?;
        let root = metadata.get("workspace_root").and_then(Value::as_str).map(PathBuf::from);
        let root = root.ok_or("cargo metadata names no workspace root")?;
        let packages = metadata.get("packages").and_then(Value::as_array);
        let crates = packages.ok_or("cargo metadata lists no packages")?.iter().map(Crate::read).collect();
        let files = files_known_to_git(&root)?;
        Ok(Self { root, crates, files })
    }

    /// A file's text; `None` when it is not UTF-8 or was deleted without telling git.
    pub(crate) fn text(&self, file: &str) -> Option<String> {
        std::fs::read_to_string(self.root.join(file)).ok()
    }
}

impl Crate {
    fn read(package: &Value) -> Self {
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        Self {
            name: string(package, "name"),
            dependencies: dependencies.into_iter().flatten().map(Dependency::read).collect(),
        }
    }
}

impl Dependency {
    fn read(dependency: &Value) -> Self {
        Self {
            name: string(dependency, "name"),
            dev: dependency.get("kind").and_then(Value::as_str) == Some("dev"),
            ours: dependency.get("path").is_some_and(Value::is_string),
        }
    }
}

/// Whether a file's name ends in one of these extensions.
pub(crate) fn has_extension(file: &str, extensions: &[&str]) -> bool {
    Path::new(file).extension().is_some_and(|found| extensions.iter().any(|extension| found == *extension))
}

/// A member of an object as text, empty when it is not there.
pub(crate) fn string(object: &Value, member: &str) -> String {
    object.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// `cargo metadata` with more arguments.
pub(crate) fn cargo_metadata(more: &[&str]) -> Result<Value, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--locked"]).args(more);
    let output = output_of(&mut command)?;
    serde_json::from_str(&output).map_err(|error| format!("cargo metadata gave no JSON: {error}"))
}

/// Name and version of every crate that some target and feature of ours compiles.
pub(crate) fn cargo_tree() -> Result<BTreeSet<(String, String)>, String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["tree", "--locked", "--workspace", "--all-features", "--target", "all"]);
    command.args(["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}"]);
    let listing = output_of(&mut command)?;
    let read = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        Some((name.to_owned(), rest.split(' ').next()?.to_owned()))
    };
    Ok(listing.lines().filter_map(read).collect())
}

fn files_known_to_git(root: &Path) -> Result<Vec<String>, String> {
    let mut command = Command::new("git");
    command.current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listing = output_of(&mut command)?;
    let mut files: Vec<String> =
        listing.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    files.retain(|file| root.join(file).is_file());
    Ok(files)
}

fn output_of(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program} cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{program} answered in no known alphabet"))
}
