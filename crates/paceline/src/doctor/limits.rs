//! What the system lets a run have: open files, processes and threads, memory.

use paceline_protocol::Ceiling;
use paceline_protocol::HostFacts;

use super::Grade::{Fine, Note, Warning};
use super::{Judgement, Needs};

// What a process pool counts before it begins: `provide_for` in crates/exec-procs/src/os.rs, which
// refuses a row whose limits are too low. A test compares the numbers.
pub(super) const FILES_PER_LANE: u64 = 10;
pub(super) const FILES_IN_RESERVE: u64 = 32;
/// A fair guess at what a worker has open before it starts a pool; the pool itself can count.
const FILES_OPEN: u64 = 64;
/// Two threads in each child, and one in the worker for each of them.
pub(super) const TASKS_PER_PROCESS_LANE: u64 = 3;

const GIB: u64 = 1 << 30;
/// Below this even the small images of a wide row may push other memory out.
const SCARCE_MEMORY_BYTES: u64 = GIB;
/// Below this rows of many lanes with images of the reference's sizes (235 MB a lane for the largest)
/// do not fit.
const MODEST_MEMORY_BYTES: u64 = 8 * GIB;

/// The pool raises the soft limit to the hard one, so the hard one decides.
pub(super) fn open_files(host: &HostFacts, needs: &Needs) -> Option<Judgement> {
    let limit = host.open_files?;
    let what = match limit.hard {
        Ceiling::Unlimited => "no limit".to_owned(),
        hard if hard == limit.soft => format!("at most {}", shown(hard)),
        hard => {
            format!("at most {}, once a pool has raised it from {}", shown(hard), shown(limit.soft))
        }
    };
    let Some(width) = needs.widest_processes else {
        return Some(Judgement::new(Fine, what, "No row here starts processes."));
    };
    let fixed = FILES_OPEN + FILES_IN_RESERVE;
    let need = fixed + FILES_PER_LANE * width as u64;
    Some(match limit.hard {
        Ceiling::At(have) if have < need => Judgement::new(
            Warning,
            what,
            format!(
                "{width} processes want about {need}; rows that start more than {} will be refused.",
                have.saturating_sub(fixed) / FILES_PER_LANE
            ),
        ),
        _ => Judgement::new(
            Fine,
            what,
            format!("Enough for {width} processes, which want about {need}."),
        ),
    })
}

/// Unlike that of files, this limit is not raised by anyone, so the soft one decides.
pub(super) fn processes(host: &HostFacts, needs: &Needs) -> Option<Judgement> {
    Some(match host.processes?.soft {
        Ceiling::Unlimited => unlimited("no limit for the user"),
        Ceiling::At(limit) => tasks(format!("{limit} for the user"), limit, needs),
    })
}

/// Linux has control groups, so there no limit is a fact; elsewhere it is the absence of one.
pub(super) fn group(host: &HostFacts, needs: &Needs) -> Option<Judgement> {
    match host.cgroup_processes {
        Some(limit) => Some(tasks(format!("{limit} for the control group"), limit, needs)),
        None => (host.os == "linux").then(|| unlimited("no limit for the control group")),
    }
}

pub(super) fn memory(host: &HostFacts, needs: &Needs) -> Option<Judgement> {
    let free = host.available_memory_bytes?;
    let gib = |bytes: u64| bytes as f64 / GIB as f64;
    let what = match host.total_memory_bytes {
        Some(total) => format!("{:.1} GiB free of {:.1} GiB", gib(free), gib(total)),
        None => format!("{:.1} GiB free", gib(free)),
    };
    Some(if free < SCARCE_MEMORY_BYTES {
        Judgement::new(
            Warning,
            what,
            "Wide rows will be skipped for want of memory, and the others may wait for pages.",
        )
    } else if free < MODEST_MEMORY_BYTES && !needs.cpu_widths.is_empty() {
        Judgement::new(
            Note,
            what,
            "Rows that hold many large images at once may be skipped; each case is checked before it \
             runs.",
        )
    } else {
        Judgement::new(Fine, what, "Each case is checked against it before it runs.")
    })
}

fn unlimited(what: &str) -> Judgement {
    Judgement::new(Fine, what, "Rows may start as many processes and threads as they ask for.")
}

/// Judges a limit on processes and threads, which a kernel counts together.
fn tasks(what: String, limit: u64, needs: &Needs) -> Judgement {
    let of = |width: Option<usize>, each: u64, noun| {
        width.map(|width| (1 + each * width as u64, format!("{width} {noun}")))
    };
    let processes = of(needs.widest_processes, TASKS_PER_PROCESS_LANE, "processes");
    let threads = of(needs.widest_threads, 1, "threads");
    let Some((need, lanes)) = processes.into_iter().chain(threads).max() else {
        return Judgement::new(Fine, what, "No row here starts processes or threads.");
    };
    if need > limit {
        Judgement::new(
            Warning,
            what,
            format!(
                "A row of {lanes} needs {need} if it has as many items, and then it fails or is refused."
            ),
        )
    } else if need > limit / 2 {
        Judgement::new(
            Note,
            what,
            format!(
                "A row of {lanes} needs {need} if it has as many items; what else runs must leave them."
            ),
        )
    } else {
        Judgement::new(Fine, what, format!("Enough for {lanes}, which need {need}."))
    }
}

fn shown(ceiling: Ceiling) -> String {
    match ceiling {
        Ceiling::At(limit) => limit.to_string(),
        Ceiling::Unlimited => "no limit".to_owned(),
    }
}
