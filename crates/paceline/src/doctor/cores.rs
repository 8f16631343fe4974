//! How many cores a run gets, and who else wants them: load, quota, virtual machine, width.

use paceline_protocol::HostFacts;

use super::Grade::{Fine, Note, Warning};
use super::{Judgement, Needs, counted};

/// The share of the usable cores that others may take before rows show it: the order of the smallest
/// difference that a run of a few rounds can find.
const HARMLESS_LOAD: f64 = 0.1;
/// The share from which a row that uses all cores measures the others as much as itself.
const RUINOUS_LOAD: f64 = 0.5;

/// Load counts the whole machine, so cores that a run may not use anyway absorb it first.
pub(super) fn load(host: &HostFacts, _: &Needs) -> Option<Judgement> {
    let [one_minute, ..] = host.load_average?;
    let usable = host.usable_cores as f64;
    let elsewhere = host.all_cores() as f64 - usable;
    let taken = (f64::from(one_minute) - elsewhere).max(0.0) / usable;
    let (grade, means) = if taken < HARMLESS_LOAD {
        (Fine, "Nothing else wants the cores.")
    } else if taken < RUINOUS_LOAD {
        (
            Note,
            "Other programs, or a build that has just ended, want cores; rows as wide as the cores show \
             it.",
        )
    } else {
        (
            Warning,
            "Other programs, or a build that has just ended, want half of the cores or more; rows with CPU \
             work share theirs, and all others are woken late. Measure when they are done.",
        )
    };
    let cores = counted(host.usable_cores, "usable core");
    Some(Judgement::new(grade, format!("{one_minute:.2} over the last minute, {cores}"), means))
}

/// Linux has quotas, so there none is a fact; elsewhere it is the absence of one.
pub(super) fn quota(host: &HostFacts, needs: &Needs) -> Option<Judgement> {
    let Some(quota) = host.cpu_quota_cores else {
        return (host.os == "linux")
            .then(|| Judgement::new(Fine, "none", "Nothing stops rows that use all cores."));
    };
    let what = format!("{quota:.2} cores");
    // Fewer usable cores than the quota allows means that affinity binds first.
    let binds = (host.usable_cores as f64) + 1.0 > quota
        && host.logical_cores.is_none_or(|all| quota < all as f64);
    if !binds {
        return Some(Judgement::new(Fine, what, "It is no less than the cores in reach."));
    }
    let stopped = needs.cpu_widths.iter().filter(|w| w.is_none_or(|w| w as f64 > quota)).count();
    Some(if stopped == 0 {
        Judgement::new(Note, what, "No row here is wide enough to use it up for long.")
    } else {
        let rows = counted(stopped, "row");
        Judgement::new(
            Warning,
            what,
            format!(
                "{rows} with CPU work on more lanes will be stopped whenever the quota of a period is \
                 used up, and come out in steps of that period."
            ),
        )
    })
}

pub(super) fn virtual_machine(host: &HostFacts, _: &Needs) -> Option<Judgement> {
    Some(match host.virtualised? {
        false => Judgement::new(Fine, "no", "The cores are real ones."),
        true => Judgement::new(
            Note,
            "yes",
            "Its host may take cores away unseen, from rows with CPU work most; compare rows of one run, \
             never times of two.",
        ),
    })
}

pub(super) fn cores(host: &HostFacts, needs: &Needs) -> Option<Judgement> {
    let usable = host.usable_cores;
    let what = match host.logical_cores {
        Some(all) if all > usable => format!("{usable} usable of {all}"),
        _ => format!("{usable} usable"),
    };
    let wider: Vec<usize> =
        needs.cpu_widths.iter().flatten().copied().filter(|width| *width > usable).collect();
    Some(match (wider.iter().max(), usable) {
        (None, _) => {
            Judgement::new(Fine, what, "No row with CPU work asks for more lanes than that.")
        }
        (Some(_), 1) => Judgement::new(
            Warning,
            what,
            format!(
                "CPU work cannot run side by side here: {} can only be slower than the sequential one.",
                counted(wider.len(), "wider row")
            ),
        ),
        (Some(widest), _) => Judgement::new(
            Note,
            what,
            format!(
                "{} with CPU work ask for more (up to {widest}) and cannot be faster than {usable} \
                 lanes; they show what too many cost.",
                counted(wider.len(), "row")
            ),
        ),
    })
}
