//! Which matrix is run if the user names none.

use anyhow::Result;

use crate::matrix::{Matrix, built_in};
use crate::plan::rows;
use crate::select::{groups, has_part, select};
use crate::worker::Worker;

/// The matrix of the reference's rows.
pub const SEED: &str = "seed";

/// The matrix with rows for every executor.
pub const ENGINES: &str = "engines";

/// `seed`, unless `only` asks for a workload or an executor that has no row there: a matrix of that workload
/// then, or `engines`. So the rows of a new workload or executor are found without `--matrix`.
///
/// # Errors
///
/// When nothing that `only` asks for exists anywhere; the error says what does.
pub fn default_matrix(scale: &str, only: &[String]) -> Result<String> {
    let matrix = Matrix::load(SEED)?;
    if matrix.scale(scale).is_err() {
        return Ok(SEED.to_owned());
    }
    let rows = rows(&matrix, scale, &[], || Ok(Vec::new()))?;
    if select(rows.clone(), only, &[]).is_ok() {
        return Ok(SEED.to_owned());
    }
    // A group is no part of an id, though `io` is one of `tokio`.
    let filters = only.iter().map(|filter| filter.to_lowercase());
    let names: Vec<String> =
        filters.filter(|filter| groups().all(|group| group != filter)).collect();
    let matrices = built_in()?;
    let matrices = matrices.iter().filter_map(|name| Some((name, Matrix::load(name).ok()?)));
    let matrices: Vec<(&String, Matrix)> = matrices.collect();
    if let Some(found) = of_workload(&names, &matrices) {
        return Ok(found);
    }
    let executors = Worker::build()?.registry()?.executors;
    let mut ids = executors.iter().map(|known| known.id.as_str());
    if ids.clone().any(|id| names.iter().any(|name| has_part(id, name))) {
        return Ok(ENGINES.to_owned());
    }
    let workloads = matrices.iter().flat_map(|(_, matrix)| workloads_of(matrix));
    let known: Vec<&str> = ids.by_ref().chain(workloads).collect();
    select(rows, only, &known).map(|_| SEED.to_owned())
}

/// The matrix with rows of a workload that is named; one that is called like it rather than another.
fn of_workload(names: &[String], matrices: &[(&String, Matrix)]) -> Option<String> {
    let is_of = |matrix: &Matrix, name: &str| workloads_of(matrix).any(|known| known == name);
    let found = names.iter().find_map(|name| {
        let mut found = matrices.iter().filter(|(_, matrix)| is_of(matrix, name));
        let other = found.clone().next();
        found.find(|(matrix, _)| *matrix == name).or(other)
    });
    found.map(|(matrix, _)| (*matrix).clone())
}

/// The workloads that rows of a matrix have, by their names in the worker.
pub fn workloads_of(matrix: &Matrix) -> impl Iterator<Item = &str> {
    let entries = matrix.rows.iter().filter_map(|row| matrix.workloads.get(row.workload.get_ref()));
    entries.map(|entry| entry.workload.get_ref().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(filters: &[&str]) -> String {
        let only: Vec<String> = filters.iter().map(ToString::to_string).collect();
        default_matrix("quick", &only).expect("a matrix")
    }

    #[test]
    fn a_workload_that_the_reference_lacks_is_found_in_its_own_matrix() {
        assert_eq!(chosen(&[]), "seed");
        assert_eq!(chosen(&["rotate", "threads"]), "seed");
        assert_eq!(chosen(&["primes"]), "primes");
        assert_eq!(chosen(&["threads", "FILES"]), "files");
        // No matrix is called like it.
        assert_eq!(chosen(&["noop"]), "floor");
    }
}
