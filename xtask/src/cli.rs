//! The command line, as typed.

mod advise;
mod audit;
mod bench;
mod compare;
mod doctor;
mod examples;
mod inputs;
mod load;
mod look;
mod matrix;
mod new;
mod report;
mod runs;
mod shell;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

pub(crate) use self::advise::{AdviseArgs, AdviseFormat};
pub(crate) use self::audit::{AuditArgs, AuditFormat};
pub(crate) use self::bench::BenchArgs;
pub(crate) use self::compare::{CompareArgs, CompareFormat};
pub(crate) use self::doctor::{DoctorArgs, DoctorFormat};
use self::examples::EXAMPLES;
pub(crate) use self::inputs::InputArgs;
pub(crate) use self::load::LoadArgs;
pub(crate) use self::look::{ColorArgs, LookArgs};
pub(crate) use self::matrix::{MatrixArgs, MatrixWhat};
pub(crate) use self::new::{NewArgs, NewWhat, ScaffoldArgs};
pub(crate) use self::report::{Against, Format, ReportArgs};
pub(crate) use self::runs::{RunsArgs, RunsFormat, RunsWhat};
pub(crate) use self::shell::{CompletionsArgs, ManArgs, Shell};
use crate::matrix::ImageSet;
use crate::quantities::seconds;

/// Paceline: which concurrency strategy fits this work, at which width, and what it costs in memory.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// The command line as it is defined, each subcommand with its own examples.
    pub(crate) fn defined() -> clap::Command {
        let mut command = Self::command();
        let names: Vec<String> =
            command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
        for name in names {
            command =
                command.mut_subcommand(&name, |command| command.after_help(examples::of(&name)));
        }
        command
    }

    /// The command line as typed. What is wrong with it, and what it asks for itself, such as help, is printed,
    /// and ends the program.
    pub(crate) fn typed() -> Self {
        Self::from_arg_matches(&Self::defined().get_matches()).unwrap_or_else(|error| error.exit())
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a matrix, print its table and save the run
    Bench(Box<BenchArgs>),
    /// Show a saved run again, without running anything
    Report(ReportArgs),
    /// List saved runs, and remove what is not wanted any more
    Runs(RunsArgs),
    /// Hold two saved runs against each other, row by row
    Compare(CompareArgs),
    /// Say which row of a saved run to use, and why
    Advise(AdviseArgs),
    /// Look at this host before a run, and say what it means for which rows
    Doctor(DoctorArgs),
    /// Have the instrument test itself: what is measured is held against what is known
    Audit(AuditArgs),
    /// Kill and stop the children of process pools at random, and look at what becomes of the items
    Torture(TortureArgs),
    /// Name executors, workloads, matrices, scales and what `--only` accepts
    List(ListArgs),
    /// Look at matrix files, or print one to start from
    Matrix(MatrixArgs),
    /// Write a working executor or workload to start from
    New(NewArgs),
    /// Make the photographs that the CPU-heavy workload rotates
    Fixtures(FixturesArgs),
    /// Print what a shell needs to complete the words behind `cargo xtask`
    Completions(CompletionsArgs),
    /// Make manual pages
    Man(ManArgs),
}

/// How long process pools are tortured.
#[derive(Debug, Args)]
pub(crate) struct TortureArgs {
    /// Begin no more trials after this time
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) seconds: Duration,
    /// The most trials
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) trials: u64,
    /// The seed of everything random in the trials
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Write the result to this file too, as Markdown
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What is listed.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {}

/// Which photographs are made, and where.
#[derive(Debug, Args)]
pub(crate) struct FixturesArgs {
    /// The set: quick (kept in git) or seed (the reference's sizes, about 20 MB)
    #[arg(long, value_enum, default_value_t = ImageSet::Seed)]
    pub(crate) scale: ImageSet,
    /// Make them in this folder instead of where `bench` looks for them
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The seed of the pictures; another one than 1 makes other pictures
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a command as a shell splits them that knows quotes, comments, and where a command ends.
    fn words(line: &str) -> Vec<String> {
        let (mut words, mut quote) = (vec![String::new()], None);
        for character in line.chars() {
            match (character, quote) {
                ('#' | '>' | '|' | ';' | '&', None) => break,
                ('\'' | '"', None) => quote = Some(character),
                (_, Some(opened)) if character == opened => quote = None,
                (' ', None) => words.push(String::new()),
                (other, _) => words.last_mut().expect("there is one").push(other),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    /// Fails unless the command line takes the words behind `cargo`.
    fn expect_parsed(line: &str) {
        let parsed = Cli::try_parse_from(&words(line)[1..]);
        assert!(parsed.is_ok(), "{line}: {}", parsed.expect_err("it is refused"));
    }

    #[test]
    fn the_help_s_examples_are_commands_and_every_line_of_it_fits_a_small_terminal() {
        let mut seen = 0;
        for line in EXAMPLES.lines() {
            assert!(line.len() < 80, "{line}");
            if line.starts_with("  cargo xtask ") {
                expect_parsed(line);
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn every_subcommand_s_help_has_an_example() {
        let command = Cli::defined();
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        assert!(names.len() > 10, "{names:?}");
        for name in names {
            let examples = examples::of(name);
            assert!(examples.contains(&format!("  cargo xtask {name}")), "{name}: {examples}");
        }
    }

    #[test]
    fn every_command_that_the_pages_show_is_one() {
        let root = crate::workspace::root();
        let pages = std::fs::read_dir(root.join("docs")).expect("the pages are in the repository");
        let pages = pages.map(|entry| entry.expect("an entry").path());
        let mut seen = 0;
        for page in pages.chain([root.join("README.md")]).filter(|page| page.is_file()) {
            let Ok(text) = std::fs::read_to_string(page) else { continue };
            // Also as a step of a workflow.
            let commands = text.lines().map(|line| line.trim().trim_start_matches("run: "));
            let commands = commands.filter(|line| line.starts_with("cargo xtask "));
            // Forms of a command in general are no command.
            for command in commands.filter(|command| !command.contains(" FORMAT")) {
                expect_parsed(command);
                seen += 1;
            }
        }
        assert!(seen > 50, "{seen}");
    }
}
