//! Where a row's time went, in words.

use paceline_stats::Run;
use paceline_stats::ideal::Breakdown;
use paceline_stats::summary::{RowMemory, RowState, RowSummary};

use crate::cell::{counted, lines, mib, name, state_and_reasons};
use crate::layout::{PROSE_WIDTH, fitted};
use crate::notes::flag;
use crate::screen::Screen;

/// A paragraph about each row whose name has `part` in it, in upper or lower case; empty if none has.
#[must_use]
pub fn explain(run: &Run, part: &str, screen: Screen) -> String {
    let part = part.to_lowercase();
    let rows = run.rows().iter().filter(|row| row.row.name.to_lowercase().contains(&part));
    let text = rows.map(|row| format!("{}\n{}\n", name(&row.row.name), paragraph(row)));
    fitted(&text.collect::<String>(), Some(screen.width.unwrap_or(PROSE_WIDTH)))
}

fn paragraph(row: &RowSummary) -> String {
    let case = &row.row.case;
    let mut text = format!("  {} items run by {}", case.spec.workload, case.executor);
    if let Some(lanes) = row.lanes {
        text += &format!(
            ", {} at once asked, {} started, at most {} in flight and {:.1} in the mean",
            lanes.asked,
            counted(lanes.started, "lane", "lanes"),
            lanes.seen,
            lanes.mean
        );
    }
    text += ".\n";
    let Some(seconds) = &row.seconds else {
        let (_, reasons) = state_and_reasons(&row.state);
        let reasons = lines(&reasons.join("; ")).replace('\n', "\n    ");
        let colon = if reasons.is_empty() { "" } else { ": " };
        return text + &format!("  {}{colon}{reasons}.\n", no_time(&row.state));
    };
    text += &format!(
        "  It took {:.4} s, the mean of {}",
        seconds.mean(),
        counted(seconds.len(), "round", "rounds")
    );
    if let Some(interval) = row.interval {
        text += &format!(", between {:.4} and {:.4} s at 95 %", interval.low, interval.high);
    }
    text += &format!(
        "; the median is {:.4} s, the extremes {:.4} and {:.4} s.\n",
        seconds.median(),
        seconds.min(),
        seconds.max()
    );
    text += &row.breakdown.map_or_else(no_ideal, |breakdown| parts(&breakdown, seconds.mean()));
    if let Some(memory) = &row.memory {
        text += &format!(
            "  At its peak the process tree held {:.1} MiB{} ({} seen, {}).\n",
            mib(memory.peak_bytes),
            spread_of(memory),
            counted(memory.first.processes.len(), "process", "processes"),
            counted(memory.first.samples as usize, "sweep", "sweeps")
        );
    }
    text + &row
        .flags
        .iter()
        .map(|known| format!("  Flagged: {}.\n", flag(known)))
        .collect::<String>()
}

/// Over how many rounds its memory was read, and what that says of the mean.
fn spread_of(memory: &RowMemory) -> String {
    let Some(interval) = memory.interval else { return String::new() };
    let mib = |bytes: f64| bytes / f64::from(1 << 20);
    format!(
        ", the mean of {} rounds, between {:.1} and {:.1} MiB at 95 %",
        memory.peaks.len(),
        mib(interval.low),
        mib(interval.high)
    )
}

/// Why a row has no time.
fn no_time(state: &RowState) -> &'static str {
    match state {
        RowState::Valid => "Its time was not measured: only its warm-up was run",
        RowState::Invalid(_) => "It is invalid",
        RowState::Broken(_) => "It could not be run",
        RowState::TimedOut(_) => "It timed out",
        RowState::Skipped(_) => "It was skipped",
        RowState::NotRun => "It was not run",
    }
}

fn no_ideal() -> String {
    "  No ideal is known: that takes work that computes, or whose waits are planned, and for the former a valid\n  \
     sequential row of the same work in every round.\n"
        .to_owned()
}

fn parts(breakdown: &Breakdown, mean_s: f64) -> String {
    let line = |seconds: f64, what: &str| {
        format!("    {seconds:9.4} s  {:5.1} %  {what}\n", seconds / mean_s * 100.0)
    };
    format!(
        "  A perfect executor that does not know how long tasks take would need {:.4} s: this row took \
         {:.3} times that. Of its time\n{}{}{}{}{}",
        breakdown.makespan_s(),
        breakdown.vs_ideal,
        line(breakdown.lower_bound_s, "lower bound: no schedule is shorter"),
        line(breakdown.imbalance_s, "imbalance: lanes that run out of work before the last one"),
        line(breakdown.startup_s, "startup: bringing the lanes up"),
        line(breakdown.dispatch_s, "dispatch: handing out tasks, late timers, shared cores"),
        line(breakdown.shutdown_s, "shutdown: ending the lanes"),
    )
}
