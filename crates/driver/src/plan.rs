//! Turns what the user asked for into what is run.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::Result;
use paceline_journal::{Conduct, MatrixName, Plan, Row};
use paceline_protocol::ExecutorEntry;

use crate::images::{self, PLACEHOLDER};
use crate::inputs::url::leave_out_wider;
use crate::inputs::{Given, Settled};
use crate::load::{self, Load};
use crate::matrix::{ImageSet, Matrix, expand};
use crate::select::select;

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The matrix: a built-in one, or a file.
    pub matrix: String,
    /// The scale of its parameters.
    pub scale: String,
    /// The seed of orders and inputs.
    pub seed: u64,
    /// How the plan is to be carried out.
    pub conduct: Conduct,
    /// What the rows are selected by.
    pub only: Vec<String>,
    /// Work of the user's own.
    pub given: Vec<Given>,
    /// Items that arrive on schedule, or a search for a rate.
    pub load: Load,
    /// The most requests that a row may have in flight to a service of the user's own.
    pub max_in_flight: Option<NonZeroUsize>,
    /// A folder of the user's own photographs.
    pub images: Option<PathBuf>,
    /// The git revision that runs every row too, by its short name.
    pub against: Option<String>,
}

/// A plan, and what is to be known beside it.
#[derive(Debug)]
pub struct Planned {
    /// What is run.
    pub plan: Plan,
    /// What to say about work of the user's own, line by line.
    pub said: Vec<String>,
    /// The photographs that must be there before the first sample.
    pub images: Option<ImageSet>,
}

/// The rows of `matrix` that `only` selects, before anything is settled. `executors` returns the worker's
/// registry. It is called only if the matrix has a row for every executor, since building the worker takes a
/// while.
///
/// # Errors
///
/// [`Usage`](crate::Usage) when there is no such scale, or nothing is selected.
pub fn rows(
    matrix: &Matrix,
    scale: &str,
    only: &[String],
    executors: impl FnOnce() -> Result<Vec<ExecutorEntry>>,
) -> Result<Vec<Row>> {
    matrix.scale(scale)?;
    let all = match matrix.rows.iter().any(|row| row.executor.get_ref() == "*") {
        true => executors()?,
        false => Vec::new(),
    };
    matrix.refuse(matrix.bad_names(&all))?;
    let expanded = matrix.rows.iter().flat_map(|entry| expand(entry, scale, matrix, &all));
    select(expanded.collect(), only, &[])
}

impl Planned {
    /// Resolves `wish` against `matrix` in one pass: nothing changes a plan afterwards. `executors` is as for
    /// [`rows`], and is called after every check that needs no worker.
    ///
    /// # Errors
    ///
    /// [`Usage`](crate::Usage) when the wish cannot be run.
    pub fn of(
        wish: &Wish,
        matrix: &Matrix,
        executors: impl FnOnce() -> Result<Vec<ExecutorEntry>>,
    ) -> Result<Self> {
        let Wish { matrix: name, scale, only, given, .. } = wish;
        let set = matrix.scale(scale)?.images;
        let settled = Settled::before_the_rows(given, matrix, name, scale, only)?;
        let mut rows = rows(matrix, scale, only, executors)?;
        let mut said = settled.put_in(&mut rows, given, name)?;
        let conduct = load::arrange(&wish.load, &mut rows, wish.conduct)?;
        if let Some(most) = wish.max_in_flight {
            said.extend(leave_out_wider(&mut rows, most)?);
        }
        let set = set.filter(|_| rows.iter().any(wants_images));
        if let Some(set) = set {
            let folder = images::folder(wish.images.as_deref(), set)?.display().to_string();
            let params = rows.iter_mut().flat_map(|row| row.case.spec.params.values_mut());
            params.for_each(|value| *value = value.replace(PLACEHOLDER, &folder));
        }
        if let Some(revision) = &wish.against {
            rows = rows.into_iter().flat_map(|row| [row.clone(), run_by(row, revision)]).collect();
        }
        let plan = Plan {
            matrix: MatrixName { name: name.clone(), title: matrix.title.clone() },
            scale: scale.clone(),
            seed: wish.seed,
            conduct,
            only: only.clone(),
            rows,
        };
        Ok(Self { plan, said, images: set.filter(|_| wish.images.is_none()) })
    }
}

/// Whether a row rotates photographs, so that they must exist.
fn wants_images(row: &Row) -> bool {
    row.case.spec.params.values().any(|value| value.contains(PLACEHOLDER))
}

/// A row as the worker of another revision runs it.
fn run_by(row: Row, revision: &str) -> Row {
    let name = format!("{} @ {revision}", row.name);
    Row { name, revision: Some(revision.to_owned()), ..row }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> Wish {
        Wish {
            matrix: "seed".to_owned(),
            scale: "quick".to_owned(),
            seed: 1,
            conduct: Conduct::rounds(4),
            only: Vec::new(),
            given: Vec::new(),
            load: Load::default(),
            max_in_flight: None,
            images: None,
            against: None,
        }
    }

    fn seed_plan(wish: &Wish) -> Plan {
        let matrix = Matrix::load("seed").expect("the matrix is in the repository");
        Planned::of(wish, &matrix, || unreachable!("the seed matrix names its executors"))
            .expect("the matrix can be planned")
            .plan
    }

    #[test]
    fn the_seed_matrix_has_exactly_the_rows_of_the_reference_in_its_order() {
        let table = std::fs::read_to_string(
            crate::workspace::root().join("fixtures/reference/seed-report.txt"),
        )
        .expect("the reference table is in the repository");
        let reference = table
            .lines()
            .filter(|line| line.contains("heavy processing"))
            .map(|line| line[..67].trim_end().to_owned());
        let plan = seed_plan(&wish());
        let planned = plan.rows.iter().map(|row| row.name.clone());
        assert_eq!(planned.collect::<Vec<_>>(), reference.collect::<Vec<_>>());
        assert_eq!(plan.rows.len(), 28);
    }

    #[test]
    fn parameters_follow_the_scale_and_the_folder_of_images() {
        let own = tempfile::tempdir().expect("a temporary folder");
        let own = own.path().to_owned();
        let matrix = Matrix::load("seed").expect("the matrix is in the repository");
        let of = |images| {
            let wish = Wish { images, ..wish() };
            Planned::of(&wish, &matrix, || unreachable!()).expect("a plan")
        };
        let Planned { plan, images, .. } = of(Some(own.clone()));
        assert_eq!(plan.rows[0].case.spec.params["max_wait_us"], "66000");
        let rotate = &plan.rows[27].case.spec.params;
        assert_eq!(
            (rotate["images"].as_str(), rotate["items"].as_str()),
            (own.to_str().unwrap(), "64")
        );
        assert_eq!((images, of(None).images), (None, Some(ImageSet::Quick)));
    }

    #[test]
    fn every_row_runs_against_a_revision_beside_the_checkouts_own() {
        let plan = seed_plan(&Wish { against: Some("abc".to_owned()), ..wish() });
        assert_eq!(plan.rows.len(), 56);
        assert_eq!(plan.rows[1].name, format!("{} @ abc", plan.rows[0].name));
        assert_eq!(
            (&plan.rows[0].revision, plan.rows[1].revision.as_deref()),
            (&None, Some("abc"))
        );
    }

    #[test]
    fn a_row_for_every_executor_has_one_width_where_only_one_item_can_run() {
        let matrix = Matrix::load("floor").expect("the matrix is in the repository");
        let executor = |id: &str, ceiling| ExecutorEntry {
            id: id.to_owned(),
            family: paceline_core::Family::Threads,
            ceiling,
            about: String::new(),
        };
        let executors = vec![executor("seq", Some(1)), executor("threads-rayon", None)];
        let wish =
            Wish { matrix: "floor".to_owned(), only: vec!["Nothing: ".to_owned()], ..wish() };
        let plan = Planned::of(&wish, &matrix, || Ok(executors)).expect("a plan").plan;
        let of = |id: &str| plan.rows.iter().filter(|row| row.case.executor == id).count();
        assert_eq!((of("seq"), of("threads-rayon")), (1, 3));
    }
}
