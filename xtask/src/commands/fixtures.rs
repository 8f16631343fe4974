//! `cargo xtask fixtures`: the photographs.

use std::process::ExitCode;

use anyhow::{Context, Result};
use paceline::output::say;
use paceline_driver::matrix::ImageSet;
use paceline_driver::{images, workspace};

use crate::cli::FixturesArgs;

pub(crate) fn run(args: &FixturesArgs) -> Result<ExitCode> {
    let set = ImageSet::named(&args.scale).context("find the set of photographs")?;
    let folder = args.out.clone().unwrap_or_else(|| images::home(set));
    say(&format!("making photographs in {}", workspace::shown(&folder)));
    images::make(&folder, set, args.seed, &say)?;
    Ok(ExitCode::SUCCESS)
}
