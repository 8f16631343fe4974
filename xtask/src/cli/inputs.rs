//! Work of the user's own, as typed.

use std::path::PathBuf;

use clap::Args;

/// What the rows work on, where that is the user's own.
#[derive(Debug, Args)]
#[command(next_help_heading = "Work of your own")]
pub(crate) struct InputArgs {
    /// Run this program for every item of --items, on every executor. {item} stands for the item, {index}
    /// for its number from 0, {folder}, {name}, {stem} and {extension} for parts of it as a path. No
    /// shell is involved: quotes only hold words together
    #[arg(long, value_name = "COMMAND", requires = "items", conflicts_with = "resume")]
    pub(crate) command: Option<String>,
    /// What --command is run for: a pattern such as 'photos/*.jpg', numbers such as 1..50 (both ends
    /// included; 50 is short for that), or a list of any of these with commas between
    #[arg(long, value_name = "ITEMS", requires = "command")]
    pub(crate) items: Option<String>,
    /// Have `sh` run the command, with pipes and all. What stands for a placeholder is quoted
    #[arg(long, requires = "command")]
    pub(crate) shell: bool,
    /// Demand that a program writes the same to its standard output each time. All of them are run once
    /// more, before the first row, to know it
    #[arg(long, requires = "command")]
    pub(crate) check_output: bool,
    /// Read and hash every file of this folder, and of the folders in it, on every executor
    #[arg(long, value_name = "DIR", conflicts_with = "resume")]
    pub(crate) files: Option<PathBuf>,
    /// With --files: have the system forget each file before it is read. Refused where it cannot
    #[arg(long, requires = "files")]
    pub(crate) drop_cache: bool,
}
