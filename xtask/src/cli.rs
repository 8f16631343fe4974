//! The command line of the checkout, as typed: Paceline's, and the repository's own chores.

mod new;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use paceline_driver::matrix::ImageSet;

pub(crate) use self::new::{NewArgs, NewWhat, ScaffoldArgs};

/// The whole command line.
pub(crate) fn defined() -> clap::Command {
    let command = paceline::command();
    // What the chores are together is no word about the whole.
    let about = command.get_about().cloned().unwrap_or_default();
    paceline::with_examples(Chore::augment_subcommands(command).about(about))
}

/// What only a checkout needs.
#[derive(Debug, Subcommand)]
pub(crate) enum Chore {
    /// Write a working executor or workload to start from
    New(NewArgs),
    /// Make the photographs that the CPU-heavy workload rotates
    Fixtures(FixturesArgs),
}

/// Which photographs are made, and where.
#[derive(Debug, Args)]
pub(crate) struct FixturesArgs {
    /// The set: quick (kept in git) or seed (the reference's sizes, about 20 MB)
    #[arg(long, default_value = "seed", value_parser = image_set())]
    pub(crate) scale: String,
    /// Make them in this folder instead of where `bench` looks for them
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The seed of the pictures; another one than 1 makes other pictures
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

fn image_set() -> clap::builder::PossibleValuesParser {
    ImageSet::NAMED.map(|(name, _)| name).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the whole, or of one subcommand.
    fn examples(command: &clap::Command) -> String {
        command.get_after_help().map(ToString::to_string).unwrap_or_default()
    }

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
        let parsed = defined().try_get_matches_from(&words(line)[1..]);
        assert!(parsed.is_ok(), "{line}: {}", parsed.expect_err("it is refused"));
    }

    #[test]
    fn the_help_s_examples_are_commands_and_every_line_of_it_fits_a_small_terminal() {
        let mut seen = 0;
        for line in examples(&defined()).lines() {
            assert!(line.len() < 80, "{line}");
            if line.starts_with("  cargo xtask ") {
                expect_parsed(line);
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn the_help_says_what_paceline_is_before_anything_else() {
        let help = defined().render_help().to_string();
        assert!(help.starts_with("Paceline: which concurrency strategy"), "{help}");
    }

    #[test]
    fn every_subcommand_s_help_has_an_example() {
        let command = defined();
        assert!(command.get_subcommands().count() > 10);
        for subcommand in command.get_subcommands() {
            let (name, examples) = (subcommand.get_name(), examples(subcommand));
            assert!(examples.contains(&format!("  cargo xtask {name}")), "{name}: {examples}");
        }
    }

    #[test]
    fn every_command_that_the_pages_show_is_one() {
        let root = paceline_driver::workspace::root();
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
