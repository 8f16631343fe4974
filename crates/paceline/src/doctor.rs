//! What the host means for a run, before it begins.
//!
//! A pure function from the facts of a host and the needs of some rows to findings. It measures and changes
//! nothing: the user decides what to do about its warnings.

mod clock;
mod cores;
mod limits;

use paceline_core::Family;
use paceline_journal::Row;
use paceline_protocol::HostFacts;
use serde::Serialize;

/// What there is to say about a host, in the order of [`CHECKS`].
#[derive(Debug, Serialize)]
pub(crate) struct Examination {
    pub(crate) findings: Vec<Finding>,
    /// The subjects about which this system says nothing.
    pub(crate) unknown: Vec<&'static str>,
}

/// One fact of the host, and what it means for the rows.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) subject: &'static str,
    pub(crate) grade: Grade,
    /// The fact, as a phrase.
    pub(crate) what: String,
    /// What it means for which rows, in a sentence.
    pub(crate) means: String,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Grade {
    /// As it should be.
    Fine,
    /// Part of what these rows measure here, and worth knowing when they are read.
    Note,
    /// Some rows would fail, or would tell more of the host than of the executors.
    Warning,
}

impl Grade {
    /// The grade as it is written everywhere.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Note => "note",
            Self::Warning => "warning",
        }
    }
}

/// Examines `host` for a run of `rows`.
pub(crate) fn examine(host: &HostFacts, rows: &[Row]) -> Examination {
    let needs = Needs::of(rows);
    let mut examination = Examination { findings: Vec::new(), unknown: Vec::new() };
    for (subject, check) in CHECKS {
        match check(host, &needs) {
            Some(Judgement { grade, what, means }) => {
                examination.findings.push(Finding { subject, grade, what, means });
            }
            None => examination.unknown.push(subject),
        }
    }
    examination
}

impl Examination {
    /// The warnings, a line each.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let lines = self.graded(Grade::Warning);
        lines.map(|f| format!("{}: {}. {}", f.subject, f.what, f.means)).collect()
    }

    /// Whether to run now, in one sentence.
    pub(crate) fn verdict(&self) -> String {
        match (self.warnings().len(), self.graded(Grade::Note).count()) {
            (0, 0) => "This host is ready to measure.".to_owned(),
            (0, notes) => {
                format!("This host is ready to measure, with {} in mind.", counted(notes, "note"))
            }
            (warnings, _) => format!(
                "{}: some rows would fail now, or tell more of this host than of their executors.",
                counted(warnings, "warning")
            ),
        }
    }

    fn graded(&self, grade: Grade) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.grade == grade)
    }
}

/// Judges one subject; `None` where the host does not tell.
type Check = fn(&HostFacts, &Needs) -> Option<Judgement>;

/// Every subject, in the order of the report: first what affects all numbers, last what affects a few rows.
const CHECKS: [(&str, Check); 11] = [
    ("governor", clock::governor),
    ("turbo", clock::turbo),
    ("load", cores::load),
    ("CPU quota", cores::quota),
    ("battery", clock::battery),
    ("virtual machine", cores::virtual_machine),
    ("open files", limits::open_files),
    ("process limit", limits::processes),
    ("group limit", limits::group),
    ("memory", limits::memory),
    ("cores", cores::cores),
];

/// What a check makes of its subject: a finding that has no name yet.
#[derive(Debug)]
struct Judgement {
    grade: Grade,
    what: String,
    means: String,
}

impl Judgement {
    fn new(grade: Grade, what: impl Into<String>, means: impl Into<String>) -> Self {
        Self { grade, what: what.into(), means: means.into() }
    }
}

/// What some rows ask of a host.
///
/// A row as wide as its items counts with no width, since only the worker knows how many there are. The
/// other widths are upper bounds: a row never starts more lanes than it has tasks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Needs {
    widest_processes: Option<usize>,
    widest_threads: Option<usize>,
    /// The widths of the rows whose items are work for a processor.
    cpu_widths: Vec<Option<usize>>,
}

impl Needs {
    fn of(rows: &[Row]) -> Self {
        let width = |row: &Row| row.case.width.map(usize::from);
        let widest = |family| {
            let of_family = |row: &&Row| Family::of(&row.case.executor) == Some(family);
            rows.iter().filter(of_family).filter_map(width).max()
        };
        let cpu = rows.iter().filter(|row| row.group.as_deref() == Some("cpu"));
        Self {
            widest_processes: widest(Family::Multiproc),
            widest_threads: widest(Family::Threads),
            cpu_widths: cpu.map(width).collect(),
        }
    }
}

/// `1 row`, `2 rows`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
