//! `cargo xtask list`: what there is.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::Result;

use crate::cli::ListArgs;
use crate::commands::print;
use paceline_driver::matrix::{Matrix, built_in};
use paceline_driver::select::groups;
use paceline_driver::worker::Worker;

pub(crate) fn run(_: &ListArgs) -> Result<ExitCode> {
    let registry = Worker::build()?.registry()?;
    let mut text = String::from("Executors\n");
    for executor in &registry.executors {
        let family = executor.family.name();
        writeln!(text, "  {:24} {family:11} {}", executor.id, executor.about)?;
    }
    text.push_str("\nWorkloads\n");
    for workload in &registry.workloads {
        writeln!(text, "  {:24} {}", workload.name, workload.about)?;
    }
    text.push_str("\nMatrices (--matrix), with their scales (--scale)\n");
    for name in built_in()? {
        let matrix = Matrix::load(&name)?;
        writeln!(text, "  {name:24} {}", matrix.title)?;
        for (scale, details) in &matrix.scales {
            writeln!(text, "    {scale:22} {}", details.about)?;
        }
    }
    text.push_str("\n--only accepts\n");
    let groups: Vec<&str> = groups().collect();
    writeln!(text, "  a group: {}", groups.join(", "))?;
    text.push_str(
        "  or a workload, or any part of a row's name or executor id (`bench --list` prints the names)\n",
    );
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}
