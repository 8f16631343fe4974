//! What stands below a table: how it was measured, and what it does not show.

use std::collections::{BTreeMap, BTreeSet};

use paceline_core::WorkloadSpec;
use paceline_protocol::MemoryKind;
use paceline_stats::noise::Resolution;
use paceline_stats::signed_rank::least_differences;
use paceline_stats::summary::{Ending, Flag, RowState, RowSummary};
use paceline_stats::{Level, Run};

use crate::cell::{counted, lines, name, state_and_reasons};

/// How the numbers came about: rounds, the columns that are there by `has`, what could be told apart; then
/// the run. Paragraphs without line breaks.
pub(crate) fn how_measured(run: &Run, has: impl Fn(&str) -> bool) -> Vec<String> {
    let header = run.header();
    let rounds = counted(run.summary().rounds as usize, "round", "rounds");
    let mut how = vec![format!(
        "Time: mean of {rounds} after one to warm up, each sample in a fresh process{}.",
        if has("interval") { "; 95 %: the bootstrap interval of that mean" } else { "" }
    )];
    if has("ideal") {
        how.push(format!(
            "vs ideal: the time over what list scheduling needs on the same inputs{}.",
            without_ideal(run)
        ));
    }
    if has("memory") {
        how.push(format!("Memory: {}.", how_memory(run)));
    }
    if has("flight") {
        let flight =
            "In flight: the width asked, and the most items that the receipts show at once.";
        how.push(flight.to_owned());
    }
    how.extend(standard_outputs(run));
    how.push(detectable(run));
    let which = format!(
        "Matrix {}, scale {}, seed {}, run {}.",
        name(&header.plan.matrix.name),
        name(&header.plan.scale),
        header.plan.seed,
        name(&header.label())
    );
    [how.join(" "), which].into_iter().chain(about_names(run)).collect()
}

/// What the figures of memory are, and over how many readings.
fn how_memory(run: &Run) -> String {
    let known = || run.rows().iter().filter_map(|row| row.memory.as_ref());
    let what = match known().any(|memory| memory.kind == MemoryKind::Rss) {
        false => "the peak of the summed PSS",
        true => "the peak of the summed RSS (this system tells no PSS)",
    };
    let readings = match known().map(|memory| memory.peaks.len()).max() {
        None | Some(..=1) => String::new(),
        Some(readings) => {
            format!(", mean of {readings} rounds that read it, with its 95 % interval")
        }
    };
    format!("{what} of the whole process tree{readings}")
}

/// What became of the standard output of the programs, where rows run some.
fn standard_outputs(run: &Run) -> Option<String> {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for output in run.rows().iter().filter_map(|row| standard_output(&row.row.case.spec)) {
        *rows.entry(output).or_default() += 1;
    }
    let told: Vec<String> = match rows.len() {
        0 => return None,
        1 => rows.into_keys().map(str::to_owned).collect(),
        _ => rows
            .into_iter()
            .map(|(output, count)| format!("{output} ({})", counted(count, "row", "rows")))
            .collect(),
    };
    Some(format!("Standard output of the programs: {}.", told.join(", ")))
}

/// What became of the standard output of the programs, for items that run some. Some programs work less when
/// they write to the null device.
#[must_use]
pub fn standard_output(spec: &WorkloadSpec) -> Option<&'static str> {
    let is = |name: &str, value: &str| spec.params.get(name).is_some_and(|is| is == value);
    match spec.workload == "command" {
        false => None,
        true if is("check_output", "true") => Some("read and checked"),
        true if is("output", "pipe") => Some("read and thrown away"),
        // Older runs had no such parameter, and no pipe.
        true => Some("the null device"),
    }
}

/// What may puzzle in the names of the reference table's rows, which stay as they are at every scale, so
/// that a row is found again.
#[must_use]
pub fn about_names(run: &Run) -> Option<String> {
    if run.header().plan.matrix.name != "seed" {
        return None;
    }
    let other_size = run.rows().iter().find_map(|row| {
        let (before, _) = row.row.name.split_once(" images")?;
        let named = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
        let has = row.row.case.spec.params.get("items")?;
        (named != has).then_some((named, has))
    });
    let size = other_size.map_or_else(String::new, |(named, has)| {
        format!("; where they say {named} images, this scale has {has}")
    });
    Some(format!("Names are those of the reference table, with its spelling{size}."))
}

/// Why valid rows have a dash in the place of their ideal, if any have. In open loop a row's time is that of
/// its schedule, and nobody asks for its ideal.
fn without_ideal(run: &Run) -> String {
    let lacks_it = |row: &&RowSummary| {
        row.seconds.is_some() && row.breakdown.is_none() && row.arrivals.is_none()
    };
    let rows = run.rows().iter().filter(lacks_it);
    let workloads: BTreeSet<&str> = rows.map(|row| &*row.row.case.spec.workload).collect();
    if workloads.is_empty() {
        return String::new();
    }
    let workloads: Vec<String> = workloads.into_iter().map(name).collect();
    format!(
        "; a dash: not known, since for {} that takes items that compute, and a valid sequential row in every \
         round, with the time of each item",
        workloads.join(", ")
    )
}

/// Which differences so many rounds can tell, and how many rounds are enough to tell all rows apart.
#[must_use]
pub fn detectable(run: &Run) -> String {
    let advised = &run.advice().workloads;
    if run.rows().iter().any(|row| row.arrivals.is_some()) {
        return "Items arrived on a schedule, so times tell no rows apart.".to_owned();
    }
    if advised.iter().all(|workload| workload.candidates.is_empty()) {
        return "There are no two rows to be told apart.".to_owned();
    }
    let enough = advised.iter().map(|workload| workload.enough_rounds).max().unwrap_or(0);
    let is_short = enough > run.summary().rounds as usize;
    let least = least_differences(Level::NINETY_FIVE);
    match run.summary().minimum_detectable_ratio {
        Some(ratio) => {
            let percent = (ratio - 1.0) * 100.0;
            let told = format!(
                "Two rows that differ by less than about {percent:.1} % are rarely told apart by so many rounds."
            );
            let more = format!(" To tell every row of a workload apart takes {enough} rounds.");
            if is_short { told + &more } else { told }
        }
        None if (run.summary().rounds as usize) < least => {
            let told = format!(
                "The rank test needs {least} rounds to tell two rows apart at 95 %, however different they are"
            );
            let more = format!("; for all rows of a workload, {enough} rounds can.");
            if is_short { told + &more } else { told + "." }
        }
        None => "There are no two rows to be told apart.".to_owned(),
    }
}

/// One paragraph for each row that is not shown as a result, then what the times of others hide, and
/// whether the run is whole. Empty when there is nothing to say.
pub(crate) fn notes(run: &Run) -> String {
    let mut notes = String::new();
    for row in run.rows() {
        let (_, reasons) = state_and_reasons(&row.state);
        let state = match &row.state {
            RowState::Valid | RowState::NotRun => continue,
            RowState::Invalid(_) => "invalid",
            RowState::Broken(_) => "could not be run",
            RowState::TimedOut(_) => "timed out",
            RowState::Skipped(_) => "skipped",
        };
        notes.push_str(&format!("\n{}: {state}\n", name(&row.row.name)));
        notes.extend(
            reasons.iter().map(|reason| format!("  {}\n", lines(reason).replace('\n', "\n  "))),
        );
    }
    notes.push_str(&flagged(run));
    notes.push_str(&retried(run));
    notes.push_str(&second_witness(run));
    notes.push_str(&noise(run));
    if let Some(line) = run.journal().torn_line {
        notes.push_str(&format!("\nLine {line} of the journal is torn, and left out.\n"));
    }
    notes.push_str(match run.summary().ending {
        Ending::Completed => "",
        Ending::Budget => "\nThe run ended when its budget of time was used up.\n",
        Ending::Precision => "\nThe run ended when every mean was as precise as was asked.\n",
        Ending::Interrupted => "\nThe run was interrupted: this table is partial.\n",
        Ending::CutShort => {
            "\nThe journal has no end: the run was cut short or is still going. This table is partial.\n"
        }
    });
    notes
}

fn retried(run: &Run) -> String {
    let rows = run.rows().iter().filter(|row| row.retried > 0);
    let lines: String = rows
        .map(|row| format!("  {}: {} attempts more than items\n", name(&row.row.name), row.retried))
        .collect();
    if lines.is_empty() {
        return lines;
    }
    format!(
        "\nItems that were lost with their child and run again (their time is in the means):\n{lines}"
    )
}

/// What the server saw, for the rows that talk to one.
fn second_witness(run: &Run) -> String {
    let lines: String = run
        .rows()
        .iter()
        .filter_map(|row| Some((row, row.lanes?)))
        .filter_map(|(row, lanes)| {
            let (server, seen) = (lanes.server_peak?, lanes.seen);
            Some(format!("  {}: {server}, of {seen} items in flight\n", name(&row.row.name)))
        })
        .collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\nThe most requests in flight at once that the server counted:\n{lines}")
}

fn flagged(run: &Run) -> String {
    let of_row = |row: &RowSummary| {
        let flags: Vec<String> = row.flags.iter().map(flag).collect();
        (!flags.is_empty()).then(|| format!("  {}: {}\n", name(&row.row.name), flags.join("; ")))
    };
    let lines: String = run.rows().iter().filter_map(of_row).collect();
    if lines.is_empty() {
        lines
    } else {
        format!("\nFlagged, and in the means all the same:\n{lines}")
    }
}

/// What a flag says, for people.
#[must_use]
pub fn flag(flag: &Flag) -> String {
    match flag {
        Flag::Outliers(rounds) => {
            let rounds: Vec<String> = rounds.iter().map(ToString::to_string).collect();
            format!("outliers in round {}", rounds.join(", "))
        }
        Flag::Drift { rho, p_value } => {
            let direction = if *rho > 0.0 { "slower" } else { "faster" };
            format!("it gets {direction} over the rounds (rho {rho:.2}, p {p_value:.3})")
        }
        Flag::TwoModes { p_value } => format!("its times fall into two groups (p {p_value:.3})"),
    }
}

fn noise(run: &Run) -> String {
    let sum = |part: fn(&RowSummary) -> usize| run.rows().iter().map(part).sum::<usize>();
    let too_short = too_short(run, sum(|row| row.noise.too_short));
    let disturbed = sum(|row| row.noise.disturbed);
    if disturbed == 0 {
        return too_short;
    }
    let (retaken, kept) = (sum(|row| row.noise.retaken), sum(|row| row.noise.kept));
    let mut worst: Vec<_> = run.rows().iter().flat_map(|row| row.noise.causes.iter()).collect();
    worst.sort_by(|a, b| b.share().total_cmp(&a.share()));
    let worst = worst.first().map(|cause| format!(" The worst: {cause}.")).unwrap_or_default();
    format!(
        "\nDisturbed from outside: {}; taken again: {retaken}; still in the means: {kept}.\
         {worst}\n{too_short}",
        counted(disturbed, "sample", "samples")
    )
}

/// What is not known to be disturbed is not known to be calm either.
fn too_short(run: &Run, samples: usize) -> String {
    if samples == 0 {
        return String::new();
    }
    let host = &run.header().host;
    let least_s = Resolution::of(host).least_sample_ns(host) / 1e9;
    format!(
        "\nToo short to tell whether steal or other processes disturbed them: {}; the kernel's ticks tell \
         from {least_s:.2} s on.\n",
        counted(samples, "sample", "samples")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_say_nothing_of_standard_output_had_the_null_device() {
        let told = |params: &[(&str, &str)]| {
            let spec = params
                .iter()
                .fold(WorkloadSpec::new("command"), |spec, (name, value)| spec.with(name, value));
            standard_output(&spec)
        };
        assert_eq!(told(&[]), Some("the null device"));
        assert_eq!(told(&[("output", "null")]), Some("the null device"));
        assert_eq!(told(&[("output", "pipe")]), Some("read and thrown away"));
        assert_eq!(told(&[("output", "pipe"), ("check_output", "true")]), Some("read and checked"));
        assert_eq!(told(&[("check_output", "true")]), Some("read and checked"));
        assert_eq!(standard_output(&WorkloadSpec::new("files")), None);
    }
}
