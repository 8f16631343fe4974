//! The columns of the table of all rows.

use paceline_report::words;
use paceline_stats::latency::Latency;

use crate::model::Entry;

/// A column: its head, what it means, and what a row has in it.
pub(crate) struct Column {
    pub(crate) head: &'static str,
    pub(crate) about: &'static str,
    /// When it is there before all columns are asked for.
    usual: Usual,
    pub(crate) cell: fn(&Entry<'_>) -> Option<Cell>,
}

/// When a column is there before all columns are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Usual {
    Always,
    /// Where a time is the row's own, and not that of a schedule.
    InBatch,
    /// Where items arrive on a schedule.
    OnSchedule,
    /// There too, and nowhere else: a batch has no rate.
    OfRates,
    Never,
}

impl Column {
    /// Whether a run has it at all, and whether it is there before all columns are asked for.
    pub(crate) fn shown(&self, is_open_loop: bool) -> Option<bool> {
        match self.usual {
            Usual::Always => Some(true),
            Usual::InBatch => Some(!is_open_loop),
            Usual::OnSchedule => Some(is_open_loop),
            Usual::Never => Some(false),
            Usual::OfRates => is_open_loop.then_some(true),
        }
    }
}

/// A number with its decimals, by which the column is sorted, or a word.
pub(crate) enum Cell {
    Number(f64, usize),
    Word(String),
}

/// Behind the name, the columns in their order. Times are in seconds but for latencies, which are in
/// milliseconds as in the terminal; sizes are in MiB.
pub(crate) const COLUMNS: [Column; 33] = [
    column(Usual::InBatch, "Mean (s)", "mean over the counted rounds", |e| {
        number(e.row.seconds.as_ref()?.mean(), 5)
    }),
    column(
        Usual::InBatch,
        "95 % from (s)",
        "lower end of the bootstrap interval of the mean",
        |e| number(e.row.interval?.low, 5),
    ),
    column(Usual::InBatch, "95 % to (s)", "upper end of the bootstrap interval of the mean", |e| {
        number(e.row.interval?.high, 5)
    }),
    column(
        Usual::InBatch,
        "vs ideal",
        "mean over the rounds of time over what an ideal executor needs",
        |e| number(e.row.breakdown?.vs_ideal, 3),
    ),
    column(
        Usual::Always,
        "Memory (MiB)",
        "peak of the whole process tree, mean of the rounds that read it",
        |e| number(e.row.memory.as_ref()?.peak_bytes as f64 / f64::from(1 << 20), 2),
    ),
    column(Usual::Always, "Width", "the most items that may be in flight at once, as asked", |e| {
        whole(e.width()?)
    }),
    column(Usual::Always, "In flight, most", "the most items that were in flight at once", |e| {
        whole(e.row.lanes?.seen)
    }),
    column(Usual::Always, "Rounds", "counted rounds", |e| whole(e.row.rounds.len())),
    column(Usual::OnSchedule, "p50 (ms)", "half of the items took no longer", |e| {
        latency(e, |l| l.p50_s)
    }),
    column(Usual::Never, "p90 (ms)", "90 % of the items took no longer", |e| {
        latency(e, |l| l.p90_s)
    }),
    column(Usual::OnSchedule, "p99 (ms)", "99 % of the items took no longer", |e| {
        latency(e, |l| l.p99_s)
    }),
    column(Usual::Never, "p99.9 (ms)", "99.9 % of the items took no longer", |e| {
        latency(e, |l| l.p999_s)
    }),
    column(Usual::OnSchedule, "Slowest (ms)", "no item took longer", |e| latency(e, |l| l.max_s)),
    column(Usual::OfRates, "Offered (1/s)", "arrivals per second, as asked", |e| {
        number(e.row.arrivals?.offered_per_s, 1)
    }),
    column(Usual::OfRates, "Achieved (1/s)", "items done per second", |e| {
        number(e.row.arrivals?.achieved_per_s, 1)
    }),
    column(Usual::OfRates, "Late starts (%)", "items that arrived when no lane was free", |e| {
        number(e.row.arrivals?.late_share() * 100.0, 1)
    }),
    column(Usual::Never, "In flight, mean", "items in flight in the mean over time", |e| {
        number(e.row.lanes?.mean, 2)
    }),
    column(Usual::Never, "Lanes started", "the most lanes that came up", |e| {
        whole(e.row.lanes?.started)
    }),
    column(Usual::Never, "Batch", "items handed over per task", |e| {
        whole(e.row.row.case.batch.get())
    }),
    column(Usual::Never, "Executor", "the executor's id", |e| word(&e.row.row.case.executor)),
    column(Usual::Never, "Workload", "the workload's name", |e| {
        word(&e.row.row.case.spec.workload)
    }),
    column(Usual::Never, "Median (s)", "median of the counted rounds", |e| {
        number(e.row.seconds.as_ref()?.median(), 5)
    }),
    column(Usual::Never, "Least (s)", "the shortest counted round", |e| {
        number(e.row.seconds.as_ref()?.min(), 5)
    }),
    column(Usual::Never, "Most (s)", "the longest counted round", |e| {
        number(e.row.seconds.as_ref()?.max(), 5)
    }),
    column(
        Usual::Never,
        "CV (%)",
        "coefficient of variation: standard deviation over the mean",
        |e| number(e.row.seconds.as_ref()?.coefficient_of_variation()? * 100.0, 2),
    ),
    column(Usual::Never, "Bound (s)", "no schedule of this width is shorter", |e| {
        number(e.row.breakdown?.lower_bound_s, 5)
    }),
    column(Usual::Never, "Imbalance (s)", "lanes that run out of work before the last one", |e| {
        number(e.row.breakdown?.imbalance_s, 5)
    }),
    column(Usual::Never, "Startup (s)", "bringing the lanes up", |e| {
        number(e.row.breakdown?.startup_s, 5)
    }),
    column(Usual::Never, "Dispatch (s)", "handing out tasks, late timers, shared cores", |e| {
        number(e.row.breakdown?.dispatch_s, 5)
    }),
    column(Usual::Never, "Shutdown (s)", "ending the lanes", |e| {
        number(e.row.breakdown?.shutdown_s, 5)
    }),
    column(
        Usual::Never,
        "Memory ± (MiB)",
        "how far that may be off at 95 %, where several rounds read it",
        |e| number(e.row.memory.as_ref()?.half_width_bytes()? / f64::from(1 << 20), 2),
    ),
    column(Usual::Never, "Processes", "processes seen with memory of their own", |e| {
        whole(e.row.memory.as_ref()?.first.processes.len())
    }),
    column(Usual::Never, "Disturbed", "samples that something outside disturbed", |e| {
        whole(e.row.noise.disturbed)
    }),
];

const fn column(
    usual: Usual,
    head: &'static str,
    about: &'static str,
    cell: fn(&Entry<'_>) -> Option<Cell>,
) -> Column {
    Column { head, about, usual, cell }
}

fn number(value: f64, decimals: usize) -> Option<Cell> {
    Some(Cell::Number(value, decimals))
}

fn whole(value: usize) -> Option<Cell> {
    number(value as f64, 0)
}

fn word(text: &str) -> Option<Cell> {
    Some(Cell::Word(words::name(text)))
}

fn latency(entry: &Entry<'_>, part: fn(&Latency) -> f64) -> Option<Cell> {
    let ms = part(entry.row.latency.as_ref()?) * 1e3;
    // Down to a nanosecond, where three decimals would be less than three digits.
    number(ms, if ms < 0.1 { 6 } else { 3 })
}
