//! The JSON of hyperfine's `--export-json`.
//!
//! Source: hyperfine 1.x, `src/benchmark/benchmark_result.rs`.

use std::collections::HashSet;
use std::path::Path;

use paceline_stats::Series;
use paceline_stats::compare::{Side, SideRow};
use serde::Deserialize;

use crate::ForeignError;
use crate::json::parse;

/// Reads a file of hyperfine. Its benchmarks are named by their command, or by `--command-name`.
pub(crate) fn read(path: &Path, bytes: &[u8]) -> Result<Side, ForeignError> {
    let file: File = parse(path, "hyperfine's JSON", bytes)?;
    let mut names = HashSet::new();
    let mut rows = Vec::new();
    let mut caveats = vec![format!(
        "{} comes from hyperfine, which does not say on what machine it ran",
        path.display()
    )];
    for result in file.results {
        if !names.insert(result.command.clone()) {
            return Err(at(path, &result, "it is there twice".to_owned()));
        }
        rows.push(row(path, &result)?);
        caveats.extend(failures(&result));
    }
    Ok(Side { name: path.display().to_string(), run: None, caveats, rows })
}

fn row(path: &Path, result: &Outcome) -> Result<SideRow, ForeignError> {
    let Some(times) = &result.times else {
        return Err(at(path, result, "it has no `times`, only what sums them up".to_owned()));
    };
    if let Some(index) = times.iter().position(|time| *time < 0.0) {
        let reason = format!("time {} is {} s", index + 1, times[index]);
        return Err(at(path, result, reason));
    }
    let seconds = match times.is_empty() {
        true => None,
        false => Some(
            Series::new(times.as_slice()).map_err(|error| at(path, result, error.to_string()))?,
        ),
    };
    let name = result.command.clone();
    Ok(SideRow { name, case: None, seconds, rounds: Vec::new(), memory: None })
}

/// hyperfine can be told to go on when a command fails; what such a run took is no measure of its work.
fn failures(result: &Outcome) -> Option<String> {
    let failed = result.exit_codes.iter().filter(|code| **code != Some(0)).count();
    (failed > 0).then(|| {
        format!(
            "{failed} of {} runs of `{}` did not end with exit code 0",
            result.exit_codes.len(),
            result.command
        )
    })
}

fn at(path: &Path, result: &Outcome, reason: String) -> ForeignError {
    ForeignError::Benchmark { path: path.to_owned(), benchmark: result.command.clone(), reason }
}

#[derive(Deserialize)]
struct File {
    results: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    command: String,
    /// In seconds.
    times: Option<Vec<f64>>,
    /// `null` stands for a command that a signal ended.
    #[serde(default)]
    exit_codes: Vec<Option<i32>>,
}
