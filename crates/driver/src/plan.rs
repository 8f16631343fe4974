//! From what was typed to what is run: rows, rounds, orders and seeds.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use paceline_core::Schedule;
use paceline_journal::{MatrixName, RateSearch, Row, RunHeader, StopRule};
use paceline_protocol::escape;
use paceline_protocol::{Case, ExecutorEntry, PoolLimits};
use rand::Rng as _;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::load;
use crate::matrix::{Expanded, Matrix, RowEntry};
use crate::select::select;
use crate::service;

/// What stands for the folder of photographs in a matrix file.
pub const IMAGES: &str = "{images}";

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

/// How a plan is carried out.
#[derive(Debug, Clone, Copy)]
pub struct Conduct {
    /// When the run ends by itself. One round more comes before the counted ones, to warm up and to
    /// measure memory.
    pub stop: StopRule,
    /// How often a disturbed sample is taken again.
    pub retakes: u32,
    /// In how many rounds memory is read: in the one that warms up, and, by samples that are run for it
    /// alone, in those that follow.
    pub memory_rounds: u32,
    /// How long a case may take.
    pub timeout: Option<Duration>,
    /// What process pools are told of their children.
    pub pool: PoolLimits,
    /// In open loop: when items arrive.
    pub schedule: Option<Schedule>,
    /// The rate that is looked for, if one is.
    pub search: Option<RateSearch>,
}

impl Conduct {
    /// So many counted rounds, undisturbed or not, without other limits.
    pub fn rounds(rounds: u32) -> Self {
        let stop = StopRule { rounds, budget_ms: None, precision: None, least_rounds: rounds };
        let pool = PoolLimits::default();
        let (timeout, schedule, search) = (None, None, None);
        Self { stop, retakes: 0, memory_rounds: 1, timeout, pool, schedule, search }
    }
}

/// What a sample is run for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Its times; in the round that warms up, its memory.
    Time,
    /// Its memory alone, which disturbs times.
    Memory,
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
}

impl Plan {
    /// Resolves `wish` against `matrix`. `executors` is asked for the worker's registry only when the
    /// matrix has a row for every executor, since building the worker takes a while.
    pub fn new(
        wish: &Wish,
        matrix: &Matrix,
        executors: impl FnOnce() -> Result<Vec<ExecutorEntry>>,
    ) -> Result<Self> {
        matrix.scale(&wish.scale)?;
        let all = match matrix.rows.iter().any(|row| row.executor.get_ref() == "*") {
            true => executors()?,
            false => Vec::new(),
        };
        matrix.refuse(matrix.bad_names(&all))?;
        let expand = |entry: &RowEntry| expand(entry, &wish.scale, matrix, &all);
        let rows: Vec<Row> = matrix.rows.iter().flat_map(expand).collect();
        Ok(Self {
            matrix: MatrixName { name: wish.matrix.clone(), title: matrix.title.clone() },
            scale: wish.scale.clone(),
            seed: wish.seed,
            conduct: wish.conduct,
            only: wish.only.clone(),
            rows: select(rows, &wish.only, &[])?,
        })
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

    /// Has every row run by the worker of `revision` too, beside the checkout's own, in the same rounds.
    pub fn against(&mut self, revision: &str) {
        let other = |row: &Row| Row {
            name: format!("{} @ {revision}", row.name),
            revision: Some(revision.to_owned()),
            ..row.clone()
        };
        self.rows = self.rows.iter().flat_map(|row| [row.clone(), other(row)]).collect();
    }

    /// Whether any row rotates photographs, so that there must be some.
    pub fn wants_images(&self) -> bool {
        self.rows.iter().any(|row| row.case.spec.params.values().any(|v| v.contains(IMAGES)))
    }

    /// Whether any row talks to the API's server, so that one must run.
    pub fn wants_server(&self) -> bool {
        self.rows.iter().any(|row| service::is_wanted(&row.case.spec))
    }

    /// Puts the folder of photographs where the matrix says `{images}`.
    pub fn use_images(&mut self, folder: &Path) {
        let folder = folder.display().to_string();
        for row in &mut self.rows {
            for value in row.case.spec.params.values_mut() {
                *value = value.replace(IMAGES, &folder);
            }
        }
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
        if let Some(requests) = load::requests_in_words(self) {
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

/// The rows that one entry stands for.
pub fn expand(entry: &RowEntry, scale: &str, matrix: &Matrix, all: &[ExecutorEntry]) -> Vec<Row> {
    let workload = &matrix.workloads[entry.workload.get_ref()];
    let spec = workload.spec(scale);
    let planned = |Expanded { name, executor, width, batch }| {
        let case = Case { spec: spec.clone(), executor, width: width.0, batch };
        let group = workload.group.clone();
        Row { name, case, revision: None, group }
    };
    entry.expand(all).into_iter().map(planned).collect()
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
        }
    }

    fn seed_plan(wish: &Wish) -> Plan {
        let matrix = Matrix::load("seed").expect("the matrix is in the repository");
        Plan::new(wish, &matrix, || unreachable!("the seed matrix names its executors"))
            .expect("the matrix can be planned")
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
        let mut plan = seed_plan(&wish());
        assert!(plan.wants_images());
        plan.use_images(Path::new("photos"));
        assert_eq!(plan.rows[0].case.spec.params["max_wait_us"], "66000");
        let rotate = &plan.rows[27].case.spec.params;
        assert_eq!((rotate["images"].as_str(), rotate["items"].as_str()), ("photos", "64"));
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
        let plan = Plan::new(&wish, &matrix, || Ok(executors)).expect("a plan");
        let of = |id: &str| plan.rows.iter().filter(|row| row.case.executor == id).count();
        assert_eq!((of("seq"), of("threads-rayon")), (1, 3));
    }
}
