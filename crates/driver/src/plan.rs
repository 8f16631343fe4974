//! From what was typed to what is run: rows, rounds, orders and seeds.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use paceline_journal::{MatrixName, Purpose, Row, RunHeader};
use paceline_protocol::{ExecutorEntry, escape};
use rand::Rng as _;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

pub use crate::conduct::Conduct;
use crate::images::{self, PLACEHOLDER};
use crate::inputs::url::{REQUESTS, leave_out_wider};
use crate::inputs::{Given, Settled, URL};
use crate::load::{self, Load};
use crate::matrix::{ImageSet, Matrix, expand};
use crate::select::select;
use crate::service;

/// Everything that is settled before the first process starts.
#[derive(Debug)]
pub struct Plan {
    /// The matrix.
    pub matrix: MatrixName,
    /// The scale of its parameters.
    pub scale: String,
    /// The seed of orders and inputs.
    pub seed: u64,
    /// How it is carried out.
    pub conduct: Conduct,
    /// What `--only` selected by, as typed.
    pub only: Vec<String>,
    /// The rows of the report, in its order.
    pub rows: Vec<Row>,
}

/// One sample of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// The position of the row in [`Plan::rows`].
    pub row: usize,
    /// What it is run for.
    pub purpose: Purpose,
}

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
    /// What is to be said about work of the user's own, line by line.
    pub said: Vec<String>,
    /// The photographs that must be there before the first sample.
    pub images: Option<ImageSet>,
}

/// The rows of `matrix` that `only` selects, before anything is settled. `executors` is asked for the
/// worker's registry only when the matrix has a row for every executor, since building the worker takes
/// a while.
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

impl Plan {
    /// Resolves `wish` against `matrix`, in one pass: nothing changes a plan afterwards. `executors` is as
    /// for [`rows`]; a mistake that needs no worker is told before it is asked.
    ///
    /// # Errors
    ///
    /// [`Usage`](crate::Usage) when what is wished for cannot be run.
    pub fn new(
        wish: &Wish,
        matrix: &Matrix,
        executors: impl FnOnce() -> Result<Vec<ExecutorEntry>>,
    ) -> Result<Planned> {
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
        let plan = Self {
            matrix: MatrixName { name: name.clone(), title: matrix.title.clone() },
            scale: scale.clone(),
            seed: wish.seed,
            conduct,
            only: only.clone(),
            rows,
        };
        Ok(Planned { plan, said, images: set.filter(|_| wish.images.is_none()) })
    }

    /// The plan of a run that is to go on.
    pub fn of_run(header: &RunHeader) -> Self {
        Self {
            matrix: header.matrix.clone(),
            scale: header.scale.clone(),
            seed: header.seed,
            conduct: Conduct {
                stop: header.stop,
                retakes: header.retakes,
                memory_rounds: header.memory_rounds,
                timeout: header.timeout_ms.map(Duration::from_millis),
                pool: header.pool,
                schedule: header.schedule,
                search: header.search,
            },
            only: header.only.clone(),
            rows: header.rows.clone(),
        }
    }

    /// Whether any row talks to the API's server, so that one must run.
    pub fn wants_server(&self) -> bool {
        self.rows.iter().any(|row| service::is_wanted(&row.case.spec))
    }

    /// What would be run, in words.
    pub fn in_words(&self) -> String {
        let for_memory = match self.conduct.memory_rounds {
            0 | 1 => String::new(),
            rounds => format!(
                ", of which {} are for memory alone, in rounds 1 to {}",
                self.rows.len() * (rounds as usize - 1),
                rounds - 1
            ),
        };
        let rounds = self.conduct.stop.rounds;
        let what = match self.conduct.search {
            Some(_) => format!("a search with at most {rounds} rates for each row"),
            None => format!(
                "1 warm-up round and {rounds} counted, {} samples{for_memory}",
                self.samples()
            ),
        };
        let mut text = format!(
            "{} of matrix `{}` at scale `{}`: {what}, seed {}\n",
            match self.rows.len() {
                1 => "1 row".to_owned(),
                rows => format!("{rows} rows"),
            },
            self.matrix.name,
            self.scale,
            self.seed
        );
        if let Some(requests) = requests_in_words(self) {
            text += &format!("{requests}\n");
        }
        for Row { name, case, .. } in &self.rows {
            let name = escape::name(name);
            let width = case.width.map_or("items".to_owned(), |width| width.to_string());
            let (workload, executor, batch) = (&case.spec.workload, &case.executor, case.batch);
            text += &format!(
                "  {name}\n    workload {workload}, executor {executor}, width {width}, batch {batch}\n"
            );
        }
        text
    }

    /// Warm-up and counted rounds together.
    pub fn all_rounds(&self) -> u32 {
        self.conduct.stop.rounds + 1
    }

    /// How many samples all rounds have, if none is taken again. A search, which warms nothing up, has
    /// these at most.
    pub fn samples(&self) -> usize {
        let a_row = match self.conduct.search {
            Some(_) => self.conduct.stop.rounds,
            None => self.all_rounds() + self.conduct.memory_rounds - 1,
        };
        self.rows.len() * a_row as usize
    }

    /// Whether samples for memory alone are run in a round. That which warms up reads it anyway.
    fn reads_memory_apart(&self, round: u32) -> bool {
        round > 0 && round < self.conduct.memory_rounds
    }

    /// The seed of one round's inputs, which all its cases share.
    pub fn round_seed(&self, round: u32) -> u64 {
        self.round_generator(round).next_u64()
    }

    /// The order in which one round runs the rows, those for memory alone among the others.
    pub fn order(&self, round: u32) -> Vec<Turn> {
        let mut generator = self.round_generator(round);
        // The first number is the round's seed.
        generator.next_u64();
        let turns = |purpose| (0..self.rows.len()).map(move |row| Turn { row, purpose });
        let mut order: Vec<Turn> = turns(Purpose::Time).collect();
        if self.reads_memory_apart(round) {
            order.extend(turns(Purpose::Memory));
        }
        order.shuffle(&mut generator);
        order
    }

    /// ChaCha has a stream for every round, and gives the same numbers on every machine.
    fn round_generator(&self, round: u32) -> ChaCha8Rng {
        let mut generator = ChaCha8Rng::seed_from_u64(self.seed);
        generator.set_stream(round.into());
        generator
    }
}

/// Whether a row rotates photographs, so that there must be some.
fn wants_images(row: &Row) -> bool {
    row.case.spec.params.values().any(|value| value.contains(PLACEHOLDER))
}

/// A row as the worker of another revision runs it.
fn run_by(row: Row, revision: &str) -> Row {
    let name = format!("{} @ {revision}", row.name);
    Row { name, revision: Some(revision.to_owned()), ..row }
}

/// How many requests the rows of `plan` send to services of the user's own, in words. Of a search only the
/// most is known beforehand.
fn requests_in_words(plan: &Plan) -> Option<String> {
    let asking = plan.rows.iter().filter(|row| row.case.spec.workload == URL);
    let of_rows: Vec<u64> =
        asking.filter_map(|row| row.case.spec.params.get(REQUESTS)?.parse().ok()).collect();
    let (least, most) = (*of_rows.iter().min()?, *of_rows.iter().max()?);
    if let Some(search) = plan.conduct.search {
        let highest_per_s = search.highest_per_s;
        return Some(format!(
            "your own service: the highest rate tried is {highest_per_s}/s, which is {most} requests in a sample"
        ));
    }
    let samples = (plan.samples() / plan.rows.len()) as u64;
    let in_all = of_rows.iter().sum::<u64>().saturating_mul(samples);
    let each = if least == most { most.to_string() } else { format!("{least} to {most}") };
    Some(format!(
        "your own service: {each} requests in a sample, {in_all} in all if none is taken again"
    ))
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
        Plan::new(wish, &matrix, || unreachable!("the seed matrix names its executors"))
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
    fn every_round_has_its_own_seed_and_order_and_the_same_ones_again_for_the_same_seed() {
        let (plan, again) = (seed_plan(&wish()), seed_plan(&wish()));
        assert_ne!(plan.round_seed(0), plan.round_seed(1));
        assert_ne!(plan.order(0), plan.order(1));
        assert_eq!((plan.round_seed(3), plan.order(3)), (again.round_seed(3), again.order(3)));
        let other = seed_plan(&Wish { seed: 2, ..wish() });
        assert_ne!(plan.round_seed(0), other.round_seed(0));
        assert_eq!(rows(&plan.order(2), Purpose::Time), (0..28).collect::<Vec<_>>());
    }

    /// The rows of a round that are run for `purpose`, sorted.
    fn rows(order: &[Turn], purpose: Purpose) -> Vec<usize> {
        let turns = order.iter().filter(|turn| turn.purpose == purpose);
        let mut rows: Vec<usize> = turns.map(|turn| turn.row).collect();
        rows.sort_unstable();
        rows
    }

    #[test]
    fn rounds_that_read_memory_run_every_row_once_more_in_one_shuffled_order() {
        let mut plan = seed_plan(&wish());
        let before: Vec<Vec<Turn>> = (0..5).map(|round| plan.order(round)).collect();
        plan.conduct.memory_rounds = 3;
        for round in [0, 3, 4] {
            assert_eq!(plan.order(round), before[round as usize], "{round}");
        }
        let all: Vec<usize> = (0..28).collect();
        for round in [1, 2] {
            let order = plan.order(round);
            assert_eq!(rows(&order, Purpose::Time), all);
            assert_eq!(rows(&order, Purpose::Memory), all);
            let early = order[..28].iter().filter(|turn| turn.purpose == Purpose::Memory).count();
            assert!((4..24).contains(&early), "{early} of 28: they are not among the others");
        }
        assert_eq!(plan.samples(), 5 * 28 + 2 * 28);
        assert!(
            plan.in_words()
                .contains("196 samples, of which 56 are for memory alone, in rounds 1 to 2")
        );
    }

    #[test]
    fn parameters_follow_the_scale_and_the_folder_of_images() {
        let own = tempfile::tempdir().expect("a temporary folder");
        let own = own.path().to_owned();
        let matrix = Matrix::load("seed").expect("the matrix is in the repository");
        let of = |images| {
            let wish = Wish { images, ..wish() };
            Plan::new(&wish, &matrix, || unreachable!()).expect("a plan")
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
        let plan = Plan::new(&wish, &matrix, || Ok(executors)).expect("a plan").plan;
        let of = |id: &str| plan.rows.iter().filter(|row| row.case.executor == id).count();
        assert_eq!((of("seq"), of("threads-rayon")), (1, 3));
    }
}
