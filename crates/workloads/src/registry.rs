//! The one table of workloads.

use std::sync::Arc;

use paceline_core::{SpecError, Workload, WorkloadSpec};

use crate::{api, command, files, http, noop, primes, rotate, synthetic, url};

/// All workloads. A new one is its module and one entry here; the tests of this crate then hold it to
/// what every workload owes.
pub const WORKLOADS: &[Entry] = &[
    Entry {
        name: "api",
        about: "fetches made-up records from a simulated remote API and updates every third; \
                parameters: records, max_wait_us",
        seeded: true,
        build: api::build,
    },
    Entry {
        name: "http",
        about: "fetches and updates the records of `api` from a server over HTTP; \
                parameters: url, records, max_wait_us, timeout_ms; may be left out: address",
        seeded: true,
        build: http::build,
    },
    Entry {
        name: "rotate",
        about: "decodes photographs from a folder and rotates each several times; \
                parameters: images, items, repetitions, degrees",
        seeded: false,
        build: rotate::build,
    },
    Entry {
        name: "noop",
        about: "does nothing, so that only the executor is measured; parameter: items",
        seeded: true,
        build: noop::build,
    },
    Entry {
        name: "primes",
        about: "counts primes by trial division, without memory traffic; \
                parameters: items, below, repetitions",
        seeded: false,
        build: primes::build,
    },
    Entry {
        name: "files",
        about: "reads and hashes the files of a folder; parameters: folder, items, drop_cache",
        seeded: false,
        build: files::build,
    },
    Entry {
        name: "command",
        about: "runs a program for each item; parameters: command, items, shell, directory, \
                output, check_output, run",
        seeded: false,
        build: command::build,
    },
    Entry {
        name: "url",
        about: "sends a request to a service of yours for each item; \
                parameters: url, items, method, timeout_ms, send; may be left out: requests, address, ca_file",
        seeded: false,
        build: url::build,
    },
    Entry {
        name: "spin",
        about: "computes a fixed number of steps, to test the instrument itself; \
                parameters: items, iterations, slowdown_percent",
        seeded: false,
        build: synthetic::build_spin,
    },
    Entry {
        name: "overlap",
        about: "waits equally long in every item, to test the instrument itself; \
                parameters: items, sleep_us",
        seeded: false,
        build: synthetic::build_overlap,
    },
    Entry {
        name: "hold",
        about: "takes memory and keeps it for a while, to test the instrument itself; \
                parameters: items, mib, hold_ms",
        seeded: false,
        build: synthetic::build_hold,
    },
];

/// One workload that can be built.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The name that specs use.
    pub name: &'static str,
    /// One sentence for `cargo xtask list`: what it does and the parameters it takes.
    pub about: &'static str,
    /// Whether its products depend on the spec's seed.
    pub seeded: bool,
    /// Builds it from a spec. Cheap: it reads no more than the headers of files.
    pub build: fn(&WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError>,
}

/// Builds the workload that `spec` names.
///
/// # Errors
///
/// When no workload has that name, a parameter is missing, unknown or not of its type, or the inputs
/// that the spec names cannot be used.
pub fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    match WORKLOADS.iter().find(|entry| entry.name == spec.workload) {
        Some(entry) => (entry.build)(spec),
        None => Err(SpecError::NoSuchWorkload {
            workload: spec.workload.clone(),
            known: WORKLOADS.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", "),
        }),
    }
}
