//! Runs the real binary, in a folder of its own for what it saves.
//!
//! The root of each test target says which binary that is (`PROGRAM`), and what the binary takes for cargo
//! when it builds a worker (`cargo`).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::{PROGRAM, cargo};

/// Two rows of items that do nothing: a sample takes a few milliseconds.
pub(crate) const TWO_ROWS: &str = "\
format = 1
title = \"Two\"
[scales.quick]
about = \"a few items\"
[workloads.noop]
params = { items = 10 }
[[rows]]
name = \"one\"
workload = \"noop\"
executor = \"seq\"
width = 1
[[rows]]
name = \"two\"
workload = \"noop\"
executor = \"threads-threadpool\"
width = 2
";

/// The command line under test, and the folder in which its runs are saved.
pub(crate) struct Paceline {
    pub(crate) out: TempDir,
}

impl Paceline {
    pub(crate) fn new() -> Self {
        Self { out: TempDir::new().expect("a temporary folder") }
    }

    /// `cargo xtask bench` with runs saved in the folder.
    pub(crate) fn bench(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command("bench").args(arguments))
    }

    /// `cargo xtask report` on runs in the folder.
    pub(crate) fn report(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command("report").args(arguments))
    }

    pub(crate) fn command(&self, subcommand: &str) -> Command {
        let mut command = program();
        command.arg(subcommand).arg("--out").arg(self.out.path());
        command
    }

    /// Writes a file into the folder, beside the runs.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.out.path().join(name);
        std::fs::create_dir_all(path.parent().expect("files stand in the folder"))
            .expect("a folder");
        std::fs::write(&path, content).expect("a file can be written");
        path
    }

    /// Writes [`TWO_ROWS`] into the folder, and returns the matrix file's path.
    pub(crate) fn two_rows(&self) -> String {
        self.file("two-rows.toml", TWO_ROWS.as_bytes()).display().to_string()
    }
}

/// The binary, without any argument.
pub(crate) fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.env("CARGO", cargo());
    command
}

/// The journals of all runs in `folder`.
pub(crate) fn journals(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    entries
        .map(|entry| entry.expect("an entry").path().join("journal.ndjson"))
        .filter(|journal| journal.is_file())
        .collect()
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::from(command.output().expect("the binary can be run"))
    }

    /// Fails the test unless the command ended with `code`, and shows all it wrote.
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        self
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}
