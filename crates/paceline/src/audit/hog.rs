//! A CPU hog beside half of the samples: exactly those must be flagged as disturbed.

use std::collections::BTreeSet;
use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};
use paceline_stats::noise::disturbances;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use super::lab::{Lab, row, samples, spin};
use super::{Extent, Finding};
use paceline_driver::drive::{Event, Sink};

/// Between 0.25 and 0.5 s: many ticks of the clocks that count what others use.
const ITERATIONS: u32 = 250_000_000;

const ROW: &str = "spin";

pub(super) fn run(lab: &Lab<'_>, extent: Extent) -> Result<Vec<Finding>> {
    let rounds = match extent {
        Extent::Full => 12,
        Extent::Quick => 6,
    };
    let hit = draw(rounds, lab.seed);
    let hog = Hog::new(hit.clone(), lab.host.usable_cores);
    let rows = vec![row(ROW, spin(ITERATIONS, 0), "seq", 1)];
    let journal = lab.run(rows, rounds, Some(Box::new(hog)))?;
    let seen = samples(&journal, ROW).filter(|sample| !sample.is_warmup()).map(|sample| {
        let causes = disturbances(sample, lab.host).iter().map(ToString::to_string).collect();
        Seen { round: sample.round, hit: hit.contains(&sample.round), causes }
    });
    Ok(vec![judge(&seen.collect::<Vec<_>>())])
}

/// Half of the counted rounds.
fn draw(rounds: u32, seed: u64) -> BTreeSet<u32> {
    let mut all: Vec<u32> = (1..=rounds).collect();
    all.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    all.into_iter().take(rounds as usize / 2).collect()
}

/// Keeps every core busy while a sample of a hit round runs. It hears of samples as the journal does, so
/// nothing else in the run is changed by it.
struct Hog {
    hit: BTreeSet<u32>,
    threads: usize,
    stop: Arc<AtomicBool>,
    running: Vec<JoinHandle<()>>,
}

impl Hog {
    /// On every core that it may use, so that its share of all cores' time is large on any machine of which
    /// that is not a small part; on one where it is, the audit tells that the hog was not seen.
    fn new(hit: BTreeSet<u32>, cores: usize) -> Self {
        Self { hit, threads: cores, stop: Arc::default(), running: Vec::new() }
    }

    fn start(&mut self) -> Result<()> {
        self.stop.store(false, Ordering::Relaxed);
        for _ in 0..self.threads {
            let stop = Arc::clone(&self.stop);
            let work = move || {
                while !stop.load(Ordering::Relaxed) {
                    spin_loop();
                }
            };
            let thread = thread::Builder::new().name("hog".to_owned()).spawn(work);
            self.running.push(thread.context("start a thread of the hog")?);
        }
        Ok(())
    }

    fn end(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.running.drain(..) {
            // A loop that looks at a flag does not panic.
            drop(thread.join());
        }
    }
}

impl Sink for Hog {
    fn note(&mut self, event: &Event<'_>) -> Result<()> {
        match event {
            Event::SampleBegan { round, .. } if self.hit.contains(round) => self.start(),
            Event::SampleDone(_) => {
                self.end();
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// A run that fails ends between the two events.
impl Drop for Hog {
    fn drop(&mut self) {
        self.end();
    }
}

/// A sample, whether the hog ran beside it, and what it is flagged with.
#[derive(Debug, Clone)]
struct Seen {
    round: u32,
    hit: bool,
    causes: Vec<String>,
}

fn judge(samples: &[Seen]) -> Finding {
    let count = |hit: bool, flagged: bool| {
        let such = |s: &&Seen| s.hit == hit && (!flagged || !s.causes.is_empty());
        samples.iter().filter(such).count()
    };
    let wrong: Vec<String> = samples.iter().filter_map(mistake).collect();
    Finding {
        tested: "a CPU hog beside half of the samples, drawn by the seed".to_owned(),
        limit: "exactly the samples that it hit are flagged".to_owned(),
        seen: format!(
            "{} of {} hit, {} of {} others",
            count(true, true),
            count(true, false),
            count(false, true),
            count(false, false)
        ),
        // Without samples of both kinds nothing was tested.
        holds: wrong.is_empty() && count(true, false) > 0 && count(false, false) > 0,
        why: wrong,
    }
}

fn mistake(sample: &Seen) -> Option<String> {
    let Seen { round, hit, causes } = sample;
    match (hit, causes.is_empty()) {
        (true, true) => Some(format!("round {round} was hit and is not flagged")),
        (false, false) => Some(format!("round {round} was not hit: {}", causes.join(", "))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(hits: [bool; 4], flags: [bool; 4]) -> Finding {
        let of = |(round, (hit, flagged)): (u32, (bool, bool))| {
            let causes = flagged.then(|| "9 % stolen".to_owned()).into_iter().collect();
            Seen { round, hit, causes }
        };
        judge(&(1..).zip(hits.into_iter().zip(flags)).map(of).collect::<Vec<_>>())
    }

    #[test]
    fn flags_on_exactly_the_hit_samples_hold() {
        let finding = seen([true, false, false, true], [true, false, false, true]);
        assert_eq!((finding.seen.as_str(), finding.holds), ("2 of 2 hit, 0 of 2 others", true));
    }

    #[test]
    fn a_hit_sample_without_a_flag_does_not_hold_and_is_named() {
        let finding = seen([true, false, false, true], [true, false, false, false]);
        assert_eq!((finding.seen.as_str(), finding.holds), ("1 of 2 hit, 0 of 2 others", false));
        assert_eq!(finding.why, ["round 4 was hit and is not flagged"]);
    }

    #[test]
    fn a_flag_on_a_quiet_sample_does_not_hold_and_is_shown_with_its_cause() {
        let finding = seen([true, false, false, true], [true, true, false, true]);
        assert_eq!((finding.seen.as_str(), finding.holds), ("2 of 2 hit, 1 of 2 others", false));
        assert_eq!(finding.why, ["round 2 was not hit: 9 % stolen"]);
    }

    #[test]
    fn samples_of_one_kind_alone_test_nothing() {
        assert!(!seen([true; 4], [true; 4]).holds);
        assert!(!seen([false; 4], [false; 4]).holds);
        assert!(!judge(&[]).holds);
    }

    #[test]
    fn half_of_the_counted_rounds_are_drawn_by_the_seed() {
        let drawn = draw(12, 1);
        assert_eq!((drawn.len(), &drawn), (6, &draw(12, 1)));
        assert!(drawn.iter().all(|round| (1..=12).contains(round)));
        assert_ne!(drawn, draw(12, 2));
    }
}
