//! What becomes of events: the journal on disk, and progress on standard error.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use paceline_journal::{Plan, Purpose, Row, Sample, SampleOutcome};
use paceline_report::words;

use crate::terminal;
use paceline_driver::drive::{Event, Sink};

/// How many lines a log has of a run, give or take one, unless it is a long one.
const LINES: usize = 10;

/// How long a log may have no line.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// Shows how far the run is and how long it will take: a bar on a terminal, and elsewhere, as in a log, a
/// line now and then, and one for each sample that went wrong.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    /// When the latest line was written, and after how many samples.
    latest_line: Option<(Instant, usize)>,
    count: Count,
    rounds: u32,
    rows: Vec<Row>,
    began: Option<Instant>,
    /// What each row's latest sample took, for the time left.
    took: HashMap<String, Duration>,
}

/// How many samples there are: those of the plan, and the retakes of disturbed ones.
#[derive(Debug, Clone, Copy)]
struct Count {
    planned: usize,
    planned_done: usize,
    retakes: usize,
    retakes_done: usize,
}

impl Count {
    fn done(self) -> usize {
        self.planned_done + self.retakes_done
    }

    /// All that are known to be run.
    fn known(self) -> usize {
        self.planned + self.retakes
    }

    /// How many samples are likely to follow, if they are disturbed as often as those so far.
    fn left(self) -> f64 {
        let planned = self.planned.saturating_sub(self.planned_done) as f64;
        let retakes = self.retakes.saturating_sub(self.retakes_done) as f64;
        let again = self.retakes as f64 / self.planned_done.max(1) as f64;
        planned * (1.0 + again) + retakes
    }
}

impl Progress {
    /// Progress through `plan`, of which `done` samples are there already.
    pub(crate) fn new(plan: &Plan, done: usize) -> Self {
        let samples = plan.samples();
        let is_terminal = std::io::stderr().is_terminal();
        let bar = is_terminal.then(|| {
            let bar =
                ProgressBar::with_draw_target(Some(samples as u64), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {wide_msg}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            // The bar's own characters are blocks, which need Unicode.
            let ascii = !terminal::speaks_utf8();
            bar.set_style(if ascii { style.progress_chars("=> ") } else { style });
            bar
        });
        let rows = plan.rows.clone();
        let rounds = plan.all_rounds();
        Self {
            bar,
            latest_line: None,
            count: Count { planned: samples, planned_done: done, retakes: 0, retakes_done: 0 },
            rounds,
            rows,
            began: None,
            took: HashMap::new(),
        }
    }

    fn show(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(line.to_owned()),
            // A run should not end because its progress cannot be written.
            None => drop(writeln!(std::io::stderr(), "{line}")),
        }
    }

    fn sample_done(&mut self, sample: &Sample) {
        match sample.take {
            1 => self.count.planned_done += 1,
            _ => self.count.retakes_done += 1,
        }
        let (done, samples) = (self.count.done(), self.count.known());
        if let Some(began) = self.began.take() {
            self.took.insert(sample.row.clone(), began.elapsed());
        }
        if let Some(bar) = &self.bar {
            bar.set_length(samples as u64);
            bar.set_position(done as u64);
            return;
        }
        let (result, is_fine) = result(sample);
        let latest = self.latest_line.map(|(at, done)| (at.elapsed(), done));
        if is_fine && !is_worth_a_line(done, samples, latest) {
            return;
        }
        self.latest_line = Some((Instant::now(), done));
        let row = words::name(&sample.row);
        self.show(&format!(
            "[{done}/{samples}] {}, {}: {result}{}",
            round_name(sample.round, self.rounds),
            match sample.take {
                1 => row,
                take => format!("{row} (take {take}, since something disturbed it)"),
            },
            self.time_left()
        ));
    }

    /// Rows not seen yet are taken to be like the mean of those that were.
    fn time_left(&self) -> String {
        let Some(mean) = self.took.values().sum::<Duration>().checked_div(self.took.len() as u32)
        else {
            return String::new();
        };
        let of_row = |row: &Row| self.took.get(&row.name).copied().unwrap_or(mean);
        let all: Duration = self.rows.iter().map(of_row).sum();
        let left = all.mul_f64(self.count.left() / self.rows.len() as f64);
        format!(", about {} left", in_words(left))
    }
}

impl Sink for Progress {
    fn note(&mut self, event: &Event<'_>) -> Result<()> {
        match event {
            Event::SampleBegan { row, round } => {
                self.began = Some(Instant::now());
                if self.bar.is_some() {
                    let round = round_name(*round, self.rounds);
                    let row = words::name(&row.name);
                    self.show(&format!("{round}{}: {row}", self.time_left()));
                }
            }
            Event::Retakes(samples) => {
                self.count.retakes += samples;
            }
            Event::SampleDone(sample) => self.sample_done(sample),
            Event::Ended(_) => {
                if let Some(bar) = &self.bar {
                    bar.finish_and_clear();
                }
            }
            Event::DigestKnown(_) => {}
        }
        Ok(())
    }
}

/// What a sample came to in a few words, and whether it went well.
fn result(sample: &Sample) -> (String, bool) {
    let went_wrong = |how: &str| (how.to_owned(), false);
    match &sample.outcome {
        SampleOutcome::Measured { measured, memory, .. } if measured.violations.is_empty() => {
            let shown = match (sample.purpose, memory) {
                (Purpose::Memory, Some(memory)) => {
                    format!("{:.1} MiB", memory.peak_bytes as f64 / f64::from(1 << 20))
                }
                _ => format!("{:.3} s", measured.total_ns() as f64 / 1e9),
            };
            (shown, true)
        }
        SampleOutcome::Measured { .. } => went_wrong("invalid"),
        SampleOutcome::TooLittleMemory { .. } => went_wrong("skipped: too little memory"),
        SampleOutcome::Interrupted { .. } => went_wrong("interrupted"),
        SampleOutcome::TimedOut { .. } => went_wrong("timed out"),
        SampleOutcome::Broken { .. } => went_wrong("could not be run"),
    }
}

/// Whether a log should have a line about a sample that went well: the first and the last one, and between
/// them one after each tenth of all or after half a minute. `latest` is how long ago the latest line was
/// written, and after how many samples.
fn is_worth_a_line(done: usize, samples: usize, latest: Option<(Duration, usize)>) -> bool {
    let Some((ago, at)) = latest else { return true };
    done >= samples || ago >= LONGEST_SILENCE || (done - at) * LINES >= samples
}

fn round_name(round: u32, rounds: u32) -> String {
    match round {
        0 => "warm-up".to_owned(),
        _ => format!("round {round} of {}", rounds - 1),
    }
}

fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..90 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_some_ten_lines_of_a_short_run_and_never_long_silence() {
        let mut latest = None;
        let lines = (1..=145).filter(|done| {
            let is_shown = is_worth_a_line(*done, 145, latest.map(|at| (Duration::ZERO, at)));
            latest = if is_shown { Some(*done) } else { latest };
            is_shown
        });
        assert_eq!(lines.collect::<Vec<_>>(), [1, 16, 31, 46, 61, 76, 91, 106, 121, 136, 145]);
        assert!((1..=3).all(|done| is_worth_a_line(done, 3, Some((Duration::ZERO, done - 1)))));
        assert!(is_worth_a_line(3, 145, Some((LONGEST_SILENCE, 2))));
    }

    #[test]
    fn samples_taken_again_are_in_what_is_left() {
        let left = |planned_done, retakes, retakes_done| {
            Count { planned: 40, planned_done, retakes, retakes_done }.left()
        };
        assert_eq!(left(10, 0, 0), 30.0);
        // All ten of a round are to be taken again, and are likely to be in the three rounds to come.
        assert_eq!(left(10, 10, 0), 70.0);
        assert_eq!(left(40, 40, 35), 5.0);
        assert_eq!(left(40, 4, 4), 0.0);
    }

    #[test]
    fn time_is_told_in_seconds_first_and_in_minutes_later() {
        assert_eq!(in_words(Duration::from_millis(1_400)), "1 s");
        assert_eq!(in_words(Duration::from_secs(89)), "89 s");
        assert_eq!(in_words(Duration::from_secs(150)), "2 min 30 s");
    }
}
