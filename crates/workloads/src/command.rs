//! `command`: a program for each item.
//!
//! Blocking lanes wait for the program in place, asynchronous ones through the child support of their
//! runtime ([`AsyncIo::run_program`]), and the children of a process pool run it as blocking lanes do. The
//! program reads nothing. The worker reads its standard output and throws it away. It keeps the last lines of
//! its standard error, in case it fails. An item ends when the program has ended and no process holds the
//! pipes of these streams open any more.
//!
//! **Why output that nobody wants is read.** Programs notice the null device and do less work: `grep` stops at
//! the first match. A user who reads the output would get other times. `output` is `null` for a user whose
//! programs write to the null device anyway.
//!
//! **What the checksum proves.** The product of an item is the words that were run, by a program that
//! ended with exit status 0; any other end fails the item. So the digest that rows must have follows from
//! the spec alone, and no program is run to find it out: programs may have effects, and a run more than
//! was asked for would double them. With `check_output` the product is what the program writes to its
//! standard output, too. Then it must be the same each time, and all programs are run once more, in
//! sequence and before the first row, to know it.

mod process;
mod streams;

use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::sync::Arc;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemError, ItemIndex, ItemResult, Sink, SpecError, Workload,
    WorkloadSpec,
};
use paceline_inputs::{InputError, Items, StandardOutput, Template};

use crate::command::streams::{Hash, Tail};

/// How much of a command an error shows, in characters: of its beginning, and of its end, where what a
/// script is called with stands.
const SHOWN: (usize, usize) = (90, 30);

/// Builds the workload `command` from `command`, in which placeholders stand for the item; `items`, a range
/// or a list; `shell`, whether the command is a script for `sh`; `directory`, where the program runs;
/// `output`, `pipe` or `null`, where its standard output goes; `check_output`, whether that is part of the
/// product; and `run`, which is false to compute the products alone. A program that does not exist fails its
/// items.
pub(crate) fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["command", "items", "shell", "directory", OUTPUT, CHECK_OUTPUT, RUN])?;
    let command: String = spec.param("command")?;
    let items: String = spec.param("items")?;
    let shell: bool = spec.param("shell")?;
    let directory: PathBuf = spec.param("directory")?;
    let output: String = spec.param(OUTPUT)?;
    let check_output: bool = spec.param(CHECK_OUTPUT)?;
    let run: bool = spec.param(RUN)?;
    let template = if shell { Template::shell } else { Template::direct }(&command);
    let template = template.map_err(|error| spec.unusable("command", error))?;
    let items: Items = items.parse().map_err(|error: InputError| spec.unusable("items", error))?;
    let stdout = StandardOutput::new(&output, check_output);
    let stdout = stdout.map_err(|error| spec.unusable(OUTPUT, error))?;
    if check_output && !run {
        let reason = "check the output of programs that are not run";
        return Err(spec.unusable(CHECK_OUTPUT, reason));
    }
    Ok(Arc::new(Commands { spec: spec.clone(), template, items, directory, stdout, run }))
}

const OUTPUT: &str = "output";
const CHECK_OUTPUT: &str = "check_output";
const RUN: &str = "run";

#[derive(Debug)]
struct Commands {
    spec: WorkloadSpec,
    template: Template,
    items: Items,
    directory: PathBuf,
    stdout: StandardOutput,
    run: bool,
}

impl Commands {
    /// The program with its arguments.
    fn words(&self, item: ItemIndex) -> Vec<String> {
        let name = self.items.get(item.position()).unwrap_or_default();
        self.template.words(&name, item.0)
    }

    fn started(&self, words: Vec<String>) -> Started {
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir(&self.directory);
        Started {
            command: Some(command),
            words,
            stdout: Stdout::of(self.stdout),
            stderr: Tail::new(),
        }
    }
}

/// A program on its way, and what is kept of what it writes.
struct Started {
    /// `None` once it was handed to whoever runs it.
    command: Option<Command>,
    words: Vec<String>,
    stdout: Stdout,
    stderr: Tail,
}

/// What is kept of a program's standard output.
enum Stdout {
    Null,
    Discarded(io::Sink),
    Checked(Box<Hash>),
}

impl Stdout {
    fn of(wanted: StandardOutput) -> Self {
        match wanted {
            StandardOutput::Null => Self::Null,
            StandardOutput::Discarded => Self::Discarded(io::sink()),
            StandardOutput::Checked => Self::Checked(Box::new(Hash::new())),
        }
    }

    fn sink(&mut self) -> Sink<'_> {
        match self {
            Self::Null => None,
            Self::Discarded(sink) => Some(sink),
            Self::Checked(hash) => Some(&mut **hash),
        }
    }
}

impl Started {
    fn product(self, ended: io::Result<ExitStatus>) -> ItemResult {
        let failed = |how: &dyn std::fmt::Display| {
            ItemError::new(format_args!("run `{}`: {how}", shortened(&self.words.join(" "))))
        };
        match ended {
            Ok(status) if status.success() => {
                let words = self.words.join("\0");
                let words = Checksum::of(words.as_bytes());
                Ok(match self.stdout {
                    Stdout::Null | Stdout::Discarded(_) => words,
                    Stdout::Checked(hash) => {
                        let parts = [words.0, hash.finish().0].map(u64::to_le_bytes);
                        Checksum::of(parts.as_flattened())
                    }
                })
            }
            Ok(status) => Err(match self.stderr.last_lines() {
                lines if lines.is_empty() => {
                    failed(&format_args!("{status}, without a word on stderr"))
                }
                lines => failed(&format_args!(
                    "{status}, its stderr ends with\n  {}",
                    lines.join("\n  ")
                )),
            }),
            Err(error) => Err(failed(&error)),
        }
    }
}

/// A command that is too long to be shown as a whole loses its middle.
fn shortened(command: &str) -> String {
    let (beginning, end) = SHOWN;
    let count = command.chars().count();
    if count <= beginning + end {
        return command.to_owned();
    }
    let begins: String = command.chars().take(beginning).collect();
    let ends: String = command.chars().skip(count - end).collect();
    format!("{begins}...{ends}")
}

impl Workload for Commands {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.items.count() as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let mut started = self.started(self.words(item));
        let ended = match started.command.take() {
            Some(mut command) if self.run => {
                process::run(&mut command, started.stdout.sink(), &mut started.stderr)
            }
            _ => Ok(ExitStatus::default()),
        };
        started.product(ended)
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        io: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move {
            let mut started = self.started(self.words(item));
            let ended = match started.command.take() {
                Some(command) if self.run => {
                    let stdout = started.stdout.sink();
                    io.run_program(command, stdout, Some(&mut started.stderr)).await
                }
                _ => Ok(ExitStatus::default()),
            };
            started.product(ended)
        })
    }

    fn without_waits(&self) -> WorkloadSpec {
        self.spec.clone().with(RUN, self.stdout == StandardOutput::Checked)
    }
}

#[cfg(all(test, unix))]
#[path = "command/tests.rs"]
mod tests;
