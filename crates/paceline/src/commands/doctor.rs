//! `cargo xtask doctor`: what this host means for a run.

use std::process::ExitCode;

use anyhow::{Context, Result};
use paceline_report::indented;
use serde::Serialize;

use crate::cli::{DoctorArgs, DoctorFormat};
use crate::commands::print;
use crate::doctor::{self, Examination, Finding};
use paceline_driver::Usage;
use paceline_driver::matrix::Matrix;
use paceline_driver::plan;
use paceline_driver::worker::Worker;
use paceline_journal::Row;

pub(crate) fn run(args: &DoctorArgs) -> Result<ExitCode> {
    let examination = doctor::examine(&paceline_measure::host::facts(), &rows(args)?);
    print(&match args.format {
        DoctorFormat::Table => table(&examination),
        DoctorFormat::Json => json(&examination)?,
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The rows that a run of the matrix would have. The scale does not matter here: no row's width depends on
/// it.
fn rows(args: &DoctorArgs) -> Result<Vec<Row>> {
    let matrix = Matrix::load(&args.matrix)?;
    let scale = matrix.scales.keys().next();
    let scale = scale.ok_or_else(|| Usage::new("find a scale: the matrix has none"))?;
    plan::rows(&matrix, scale, &args.only, || Ok(Worker::build()?.registry()?.executors))
}

/// Columns that a grade and a subject take, before what there is to say.
const INDENT: usize = 26;

/// The findings for people: the fact on a line, and under it what it means.
fn table(examination: &Examination) -> String {
    let findings = examination.findings.iter().map(|finding| {
        let Finding { subject, grade, what, means } = finding;
        format!("{:8} {subject:16} {what}\n{}\n", grade.name(), indented(means, INDENT))
    });
    let unknown = match examination.unknown.join(", ") {
        none if none.is_empty() => none,
        subjects => format!("\nnot known here: {subjects}\n"),
    };
    format!("{}{unknown}\n{}\n", findings.collect::<String>(), examination.verdict())
}

/// The findings for programs.
fn json(examination: &Examination) -> Result<String> {
    #[derive(Serialize)]
    struct Document<'a> {
        format: u32,
        verdict: String,
        examination: &'a Examination,
    }
    let document = Document { format: 1, verdict: examination.verdict(), examination };
    let text = serde_json::to_string_pretty(&document).context("write the findings as JSON")?;
    Ok(text + "\n")
}
