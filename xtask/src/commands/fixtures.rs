//! `cargo xtask fixtures`: the photographs.

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::FixturesArgs;
use crate::commands::say;
use crate::{images, workspace};

pub(crate) fn run(args: &FixturesArgs) -> Result<ExitCode> {
    let folder = args.out.clone().unwrap_or_else(|| images::home(args.scale));
    say(&format!("making photographs in {}", workspace::shown(&folder)));
    images::make(&folder, args.scale, args.seed)?;
    Ok(ExitCode::SUCCESS)
}
