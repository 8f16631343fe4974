//! Memory truth: four children that hold 100 MiB each, and a launcher that once used as much itself.

use std::hint::black_box;

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;

use super::lab::{Lab, measured, row, samples};
use super::{Extent, Finding};

const CHILDREN: u8 = 4;
const EACH_MIB: u16 = 100;

/// How long the children hold their memory: long enough that all do at the same time, however the
/// system schedules them, and for many readings.
const HOLD_MS: u32 = 500;

/// How far a reading may lie from the truth, as a share of it.
const TOLERANCE: f64 = 0.02;

pub(super) fn run(lab: &Lab<'_>, extent: Extent) -> Result<Vec<Finding>> {
    let count = match extent {
        Extent::Full => 3,
        Extent::Quick => 1,
    };
    let readings: Result<Vec<Reading>> = (0..count).map(|_| Reading::take(lab)).collect();
    Ok(judge(&readings?))
}

/// Peaks of one and the same row, in bytes.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// With children that hold nothing.
    base: u64,
    /// With children that hold what they are to hold.
    loaded: u64,
    /// The same, after the launcher has used as much and given it back.
    after_launcher: u64,
}

impl Reading {
    fn take(lab: &Lab<'_>) -> Result<Self> {
        let base = peak(lab, 0)?;
        let loaded = peak(lab, EACH_MIB)?;
        use_and_free(usize::from(CHILDREN) * (usize::from(EACH_MIB) << 20));
        Ok(Self { base, loaded, after_launcher: peak(lab, EACH_MIB)? })
    }
}

/// The peak of the row whose children hold so much each. Its one sample is the warm-up, the round in
/// which memory is read.
fn peak(lab: &Lab<'_>, mib: u16) -> Result<u64> {
    let spec = WorkloadSpec::new("hold").with("items", CHILDREN).with("mib", mib);
    let name = format!("{CHILDREN} children of {mib} MiB");
    let holding = row(&name, spec.with("hold_ms", HOLD_MS), "procs-ipc", CHILDREN);
    let journal = lab.run(vec![holding], 0, None)?;
    let memory = samples(&journal, &name).find_map(|sample| measured(sample)?.1);
    Ok(memory.context("read memory: this system does not show that of other processes")?.peak_bytes)
}

/// Takes memory, touches all of it, and gives it back. The kernel remembers it as this process's peak,
/// which a child that is started later must not inherit in any reading.
fn use_and_free(bytes: usize) {
    drop(black_box(vec![1_u8; bytes]));
}

fn judge(readings: &[Reading]) -> Vec<Finding> {
    let held = u64::from(CHILDREN) * (u64::from(EACH_MIB) << 20);
    let truth = |tested: String, pairs: Vec<(u64, u64)>| {
        let (seen, known) = worst(pairs);
        let off = relative(seen, known);
        Finding {
            tested,
            limit: format!("{:.1} MiB +- {:.0} %", mib(known), TOLERANCE * 100.0),
            seen: format!("{:.1} MiB, {:+.2} %", mib(seen), off * 100.0),
            holds: off.abs() <= TOLERANCE,
            why: Vec::new(),
        }
    };
    vec![
        truth(
            format!("{CHILDREN} children of {EACH_MIB} MiB each, and their base"),
            readings.iter().map(|r| (r.loaded, held + r.base)).collect(),
        ),
        truth(
            format!("the same after the launcher used {} MiB", held >> 20),
            readings.iter().map(|r| (r.after_launcher, r.loaded)).collect(),
        ),
    ]
}

/// The pair of seen and known that lie farthest apart.
fn worst(pairs: Vec<(u64, u64)>) -> (u64, u64) {
    let off = |pair: &(u64, u64)| relative(pair.0, pair.1).abs();
    pairs.into_iter().max_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or_default()
}

fn relative(seen: u64, known: u64) -> f64 {
    seen as f64 / known as f64 - 1.0
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;
    const TRUE: Reading = Reading { base: 6 * MIB, loaded: 407 * MIB, after_launcher: 406 * MIB };

    fn held(readings: &[Reading]) -> [bool; 2] {
        let findings = judge(readings);
        [findings[0].holds, findings[1].holds]
    }

    #[test]
    fn readings_near_the_truth_hold() {
        assert_eq!(held(&[TRUE, TRUE]), [true, true]);
        assert_eq!(judge(&[TRUE])[0].seen, "407.0 MiB, +0.25 %");
    }

    #[test]
    fn the_memory_of_the_parent_alone_does_not_hold() {
        let parent_alone = Reading { base: 2 * MIB, loaded: 2 * MIB, after_launcher: 2 * MIB };
        assert_eq!(held(&[TRUE, parent_alone]), [false, true]);
    }

    #[test]
    fn a_reading_that_counts_a_page_twice_does_not_hold() {
        let twice = Reading { loaded: 507 * MIB, after_launcher: 507 * MIB, ..TRUE };
        assert_eq!(held(&[twice, TRUE]), [false, true]);
    }

    #[test]
    fn a_peak_that_is_inherited_from_the_launcher_does_not_hold() {
        let inherited = Reading { after_launcher: 807 * MIB, ..TRUE };
        assert_eq!(held(&[TRUE, inherited, TRUE]), [true, false]);
    }

    #[test]
    fn without_readings_nothing_holds() {
        assert_eq!(held(&[]), [false, false]);
    }
}
