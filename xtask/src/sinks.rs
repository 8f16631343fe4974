//! What becomes of events: the journal on disk, and progress on standard error.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use paceline_journal::{Record, Row, Sample, SampleOutcome, Writer};

use crate::drive::{Event, Sink};
use crate::plan::{Plan, Purpose};
use crate::terminal;

/// Writes every event that a report may need into the journal.
pub(crate) struct JournalSink(pub(crate) Writer);

impl Sink for JournalSink {
    fn note(&mut self, event: &Event<'_>) -> Result<()> {
        let record = match event {
            Event::DigestKnown(digest) => Record::Digest((*digest).clone()),
            Event::SampleBegan { .. } => return Ok(()),
            Event::SampleDone(sample) => Record::Sample(Box::new((*sample).clone())),
            Event::MemoryRead(sample) => Record::Memory(Box::new((*sample).clone())),
            Event::Ended(end) => Record::End((*end).clone()),
        };
        self.0.append(&record).with_context(|| {
            format!("append to {}; what it holds so far is whole", self.0.path().display())
        })
    }
}

/// Shows how far the run is and how long it will take: a bar on a terminal, a line for each sample
/// elsewhere.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    samples: usize,
    done: usize,
    rounds: u32,
    rows: Vec<Row>,
    began: Option<Instant>,
    /// What each row's latest sample took, for the time left.
    took: HashMap<String, Duration>,
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
        let rows = plan.rows.iter().map(|row| row.row.clone()).collect();
        let rounds = plan.all_rounds();
        Self { bar, samples, done, rounds, rows, began: None, took: HashMap::new() }
    }

    fn show(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(line.to_owned()),
            // Progress that cannot be written is not worth ending the run for.
            None => drop(writeln!(std::io::stderr(), "{line}")),
        }
    }

    fn sample_done(&mut self, sample: &Sample, purpose: Purpose) {
        self.done += 1;
        if sample.take > 1 {
            // It came on top of what was planned.
            self.samples += 1;
        }
        if let Some(began) = self.began.take() {
            self.took.insert(sample.row.clone(), began.elapsed());
        }
        if let Some(bar) = &self.bar {
            bar.set_length(self.samples as u64);
            bar.set_position(self.done as u64);
            return;
        }
        let result = match &sample.outcome {
            SampleOutcome::Measured { measured, memory, .. } if measured.violations.is_empty() => {
                match (purpose, memory) {
                    (Purpose::Memory, Some(memory)) => {
                        format!("{:.1} MiB", memory.peak_bytes as f64 / f64::from(1 << 20))
                    }
                    _ => format!("{:.3} s", measured.total_ns() as f64 / 1e9),
                }
            }
            SampleOutcome::Measured { .. } => "invalid".to_owned(),
            SampleOutcome::TooLittleMemory { .. } => "skipped: too little memory".to_owned(),
            SampleOutcome::Interrupted { .. } => "interrupted".to_owned(),
            SampleOutcome::TimedOut { .. } => "timed out".to_owned(),
            SampleOutcome::Broken { .. } => "could not be run".to_owned(),
        };
        self.show(&format!(
            "[{}/{}] {}, {}: {result}{}",
            self.done,
            self.samples,
            round_name(sample.round, self.rounds),
            match sample.take {
                1 => sample.row.clone(),
                take => format!("{} (take {take}, since something disturbed it)", sample.row),
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
        let samples = self.samples.saturating_sub(self.done);
        let left = all.mul_f64(samples as f64 / self.rows.len() as f64);
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
                    self.show(&format!("{round}{}: {}", self.time_left(), row.name));
                }
            }
            Event::SampleDone(sample) => self.sample_done(sample, Purpose::Time),
            Event::MemoryRead(sample) => self.sample_done(sample, Purpose::Memory),
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
    fn time_is_told_in_seconds_first_and_in_minutes_later() {
        assert_eq!(in_words(Duration::from_millis(1_400)), "1 s");
        assert_eq!(in_words(Duration::from_secs(89)), "89 s");
        assert_eq!(in_words(Duration::from_secs(150)), "2 min 30 s");
    }
}
