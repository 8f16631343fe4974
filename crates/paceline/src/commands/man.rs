//! `cargo xtask man`: manual pages from the command line's own definition.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap_mangen::Man;

use crate::cli::ManArgs;
use crate::commands::{print, say};
use paceline_driver::workspace;

/// The name by which `man` finds the pages: `man cargo-xtask`, `man cargo-xtask-bench`.
const NAME: &str = "cargo-xtask";

pub(crate) fn run(args: &ManArgs, defined: &clap::Command) -> Result<ExitCode> {
    let command = defined.clone().name(NAME).display_name(NAME).bin_name("cargo xtask");
    match &args.out {
        None => {
            let mut page = Vec::new();
            Man::new(command).render(&mut page).context("make the manual page")?;
            print(&String::from_utf8(page).context("make the manual page")?)?;
        }
        Some(folder) => {
            let context = || format!("write manual pages into {}", workspace::shown(folder));
            fs::create_dir_all(folder).with_context(context)?;
            clap_mangen::generate_to(command, folder).with_context(context)?;
            say(&format!("wrote manual pages into {}", workspace::shown(folder)));
        }
    }
    Ok(ExitCode::SUCCESS)
}
