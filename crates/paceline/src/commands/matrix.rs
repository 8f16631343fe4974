//! `cargo xtask matrix`: looks at matrix files without running anything.

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{MatrixArgs, MatrixWhat};
use crate::commands::print;
use paceline_driver::Usage;
use paceline_driver::check::Inputs;
use paceline_driver::matrix::{self, Matrix};
use paceline_driver::worker::Worker;

pub(crate) fn run(args: &MatrixArgs) -> Result<ExitCode> {
    match &args.what {
        MatrixWhat::Check { files } => check(files)?,
        MatrixWhat::Show { name } => print(&matrix::text(name)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Tells of every file, also behind one with faults.
fn check(files: &[String]) -> Result<()> {
    let (mut read, mut refusals) = (Vec::new(), Vec::new());
    for file in files {
        match Matrix::examine(file) {
            Ok(found) => read.push((file, found)),
            Err(error) if error.is::<Usage>() => refusals.push(error.to_string()),
            Err(error) => return Err(error),
        }
    }
    // There is nothing to ask the worker where nothing could be read.
    let worker = (!read.is_empty()).then(Worker::build).transpose()?;
    for (file, (matrix, mut faults)) in read {
        if let Some(worker) = &worker {
            faults.extend(matrix.unregistered(worker, Inputs::Open)?);
        }
        match matrix.refuse(faults) {
            Ok(()) => print(&format!("{file}: no faults\n"))?,
            Err(refusal) => refusals.push(refusal.to_string()),
        }
    }
    match refusals.is_empty() {
        true => Ok(()),
        false => Err(Usage::new(refusals.join("\nand to ")).into()),
    }
}
