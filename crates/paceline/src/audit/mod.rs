//! The instrument tests itself: it compares what it measures with what is known.
//!
//! | check | what is known | what is tested |
//! | --- | --- | --- |
//! | [`same`] | two rows are the same case | how often a difference is claimed where there is none |
//! | [`slowdown`] | one row computes so many per cent more | how often that is found, and how small it may be |
//! | [`memory`] | four children hold 100 MiB each | what the row reads, also after its launcher used much |
//! | [`concurrency`] | which items overlap | the peak and the mean of items in flight |
//! | [`hog`] | which samples a CPU hog ran beside | which samples are flagged as disturbed |
//!
//! Every check runs real worker processes with the [`Driver`](paceline_driver::drive::Driver) of `bench`, so what
//! is tested is what measures. Each is split in two: a run, which gives plain numbers, and a `judge`,
//! which holds them against limits and is a pure function, so that its tests can show that it bites.
//!
//! Limits are stated before the run and are the same on every machine. Where chance decides, a limit
//! names the count that chance alone passes in one audit of a hundred ([`chance`]). On a machine that
//! others use, some cannot hold; the audit then says so, since that is true of `bench` there as well.

mod lab;
mod chance;
mod trials;

mod same;
mod slowdown;
mod memory;
mod concurrency;
mod hog;

use serde::Serialize;

pub(crate) use lab::Lab;

/// One of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Check {
    /// The same row twice, many times
    #[value(alias = "a")]
    Same,
    /// Injected slowdowns of 1, 2, 5 and 10 %
    #[value(alias = "b")]
    Slowdown,
    /// Four children of 100 MiB each
    #[value(alias = "c")]
    Memory,
    /// Items whose overlap is known
    #[value(alias = "d")]
    Concurrency,
    /// A CPU hog beside half of the samples
    #[value(alias = "e")]
    Hog,
}

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Enough that chance hides little: a few minutes.
    Full,
    /// Enough to see that every check works: under a minute.
    Quick,
}

impl Extent {
    /// The extent in a word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Quick => "quick",
        }
    }
}

/// One thing that was tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) tested: String,
    pub(crate) limit: String,
    pub(crate) seen: String,
    pub(crate) holds: bool,
    /// Why it does not hold, where the numbers alone do not tell.
    pub(crate) why: Vec<String>,
}

impl Check {
    pub(crate) const ALL: [Self; 5] =
        [Self::Same, Self::Slowdown, Self::Memory, Self::Concurrency, Self::Hog];

    /// The check's name, as `--only` takes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Slowdown => "slowdown",
            Self::Memory => "memory",
            Self::Concurrency => "concurrency",
            Self::Hog => "hog",
        }
    }

    /// Runs the check. One that cannot be run does not hold, and the others go on.
    pub(crate) fn run(self, lab: &Lab<'_>, extent: Extent) -> Vec<Finding> {
        let findings = match self {
            Self::Same => same::run(lab, extent),
            Self::Slowdown => slowdown::run(lab, extent),
            Self::Memory => memory::run(lab, extent),
            Self::Concurrency => concurrency::run(lab, extent),
            Self::Hog => hog::run(lab, extent),
        };
        findings.unwrap_or_else(|error| {
            vec![Finding {
                tested: "that the check can be run".to_owned(),
                limit: "no failure".to_owned(),
                seen: "a failure".to_owned(),
                holds: false,
                why: vec![format!("failed to {error:#}")],
            }]
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn a_check_is_selected_by_the_name_that_the_table_shows() {
        assert_eq!(Check::value_variants(), Check::ALL);
        for (check, letter) in Check::ALL.into_iter().zip(["a", "b", "c", "d", "e"]) {
            assert_eq!(Check::from_str(check.name(), false), Ok(check));
            assert_eq!(Check::from_str(letter, false), Ok(check));
        }
    }
}
