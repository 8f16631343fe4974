//! The highest rate that each row holds, and how it was found.

use paceline_journal::{RateSearch, RunHeader};
use paceline_stats::search::{Probe, Search, Step, least_for_ms};
use serde::Serialize;

use crate::cell::{lines, milliseconds, name};
use crate::layout::{fitted, prose};
use crate::screen::Screen;

/// The version of the JSON form.
const FORMAT: u32 = 1;

/// What a search found, for people: a paragraph for each row, with every rate that was tried.
#[must_use]
pub fn search(header: &RunHeader, limits: &RateSearch, rows: &[Search], screen: Screen) -> String {
    let limit = rate_limit(limits);
    let about = format!(
        "The highest rate at which {limit}: items arrive on schedule for {} s at each rate, and latency counts \
         from the arrival. Each rate was tried once.",
        limits.for_ms as f64 / 1e3
    );
    let about = [Some(about), too_short(limits)].into_iter().flatten();
    let about: String = about.map(|text| prose(&text, screen.width) + "\n").collect();
    let mut text = format!("{}\n\n{about}", name(&header.plan.matrix.title));
    for row in rows {
        text += &format!("\n{}: {}\n", name(&row.row.name), rate_found(&row.step));
        text.extend(row.trail.iter().map(|probe| format!("  {}\n", rate_tried(limits, probe))));
    }
    text += &format!(
        "\nMatrix {}, scale {}, seed {}, run {}.\n",
        name(&header.plan.matrix.name),
        name(&header.plan.scale),
        header.plan.seed,
        name(&header.run_id)
    );
    fitted(&text, screen.width)
}

/// The same for programs. Rates are per second, latencies in seconds.
///
/// # Errors
///
/// When a value has no form in JSON, which would be a bug.
pub fn search_json(
    header: &RunHeader,
    limits: &RateSearch,
    rows: &[Search],
) -> serde_json::Result<String> {
    let rows = rows.iter().map(Row::of).collect();
    let document = Document { format: FORMAT, run: header, search: limits, rows };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

/// What must hold at a rate.
#[must_use]
pub fn rate_limit(limits: &RateSearch) -> String {
    let limit = milliseconds(limits.limit_ns as f64 / 1e9);
    format!("{} stays within {limit} ms", quantile(limits))
}

/// That a row may hold the limit at a rate that it falls behind, where that is so.
#[must_use]
pub fn too_short(limits: &RateSearch) -> Option<String> {
    let least_ms = least_for_ms(limits.quantile, limits.limit_ns);
    (limits.for_ms < least_ms).then(|| {
        format!(
            "In so short a time a row may hold the limit at a rate that it falls behind: only a longer one, here \
             `--for {:.1}s`, makes what waits in line reach the limit.",
            (least_ms as f64 / 100.0).ceil() / 10.0
        )
    })
}

/// The name of a quantile, as the command line has it.
fn quantile(limits: &RateSearch) -> String {
    match limits.quantile {
        1.0.. => "max".to_owned(),
        // Rounded, since 0.999 * 100 is not 99.9.
        quantile => format!("p{}", (quantile * 1e6).round() / 1e4),
    }
}

/// What a row's search has found.
#[must_use]
pub fn rate_found(step: &Step) -> String {
    match step {
        Step::Between(holds, fails) => format!("{} (it fails at {})", rate(*holds), rate(*fails)),
        Step::AtLeast(highest) => format!("at least {}, the highest rate tried", rate(*highest)),
        Step::NotEven(lowest) => {
            format!("none: it fails at {}, the lowest rate tried", rate(*lowest))
        }
        Step::Try(next) => format!("not found yet: {} comes next", rate(*next)),
    }
}

/// One rate that was tried, and what came of it.
#[must_use]
pub fn rate_tried(limits: &RateSearch, probe: &Probe) -> String {
    let verdict = if probe.holds { "holds" } else { "fails" };
    let what = match (&probe.failure, probe.latency_s) {
        (Some(reason), _) => lines(reason).replace('\n', "\n    "),
        (None, Some(latency_s)) => format!("{} {} ms", quantile(limits), milliseconds(latency_s)),
        (None, None) => "no latency is known".to_owned(),
    };
    let achieved = probe.achieved_per_s.map(|per_s| format!(", achieved {}", rate(per_s)));
    format!("{}: {verdict}, {what}{}", rate(probe.rate_per_s), achieved.unwrap_or_default())
}

fn rate(per_s: f64) -> String {
    let digits = if per_s < 100.0 { 1 } else { 0 };
    format!("{per_s:.digits$}/s")
}

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    run: &'a RunHeader,
    search: &'a RateSearch,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    executor: &'a str,
    /// The highest rate that was seen to hold.
    holds_per_s: Option<f64>,
    /// The lowest rate that was seen to fail.
    fails_per_s: Option<f64>,
    is_settled: bool,
    trail: Vec<Tried<'a>>,
}

#[derive(Serialize)]
struct Tried<'a> {
    rate_per_s: f64,
    holds: bool,
    latency_s: Option<f64>,
    achieved_per_s: Option<f64>,
    failure: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(search: &'a Search) -> Self {
        let rates = |holds: bool| {
            search.trail.iter().filter(move |probe| probe.holds == holds).map(|p| p.rate_per_s)
        };
        let tried = |probe: &'a Probe| Tried {
            rate_per_s: probe.rate_per_s,
            holds: probe.holds,
            latency_s: probe.latency_s,
            achieved_per_s: probe.achieved_per_s,
            failure: probe.failure.as_deref(),
        };
        Self {
            name: &search.row.name,
            executor: &search.row.case.executor,
            holds_per_s: rates(true).reduce(f64::max),
            fails_per_s: rates(false).reduce(f64::min),
            is_settled: !matches!(search.step, Step::Try(_)),
            trail: search.trail.iter().map(tried).collect(),
        }
    }
}
