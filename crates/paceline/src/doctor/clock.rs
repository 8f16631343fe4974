//! What sets the speed of a core: governor, turbo, battery.

use paceline_protocol::HostFacts;

use super::Grade::{Fine, Note, Warning};
use super::{Judgement, Needs};

pub(super) fn governor(host: &HostFacts, _: &Needs) -> Option<Judgement> {
    let governor = host.governor.as_deref()?;
    let (grade, means) = match governor {
        "performance" => (Fine, "The clock does not wait for load."),
        "powersave" | "conservative" => (
            Warning,
            "The clock is slow to follow load, so rows that wait or start lanes look slower than rows \
             that compute.",
        ),
        mixed if mixed.contains(',') => (
            Warning,
            "Cores differ in how their clock is chosen, so any row depends on the cores it happens to \
             get.",
        ),
        _ => (
            Note,
            "The clock follows load, so rows that wait pay more for each wake-up than rows that \
             compute.",
        ),
    };
    Some(Judgement::new(grade, governor, means))
}

pub(super) fn turbo(host: &HostFacts, needs: &Needs) -> Option<Judgement> {
    Some(match (host.turbo?, needs.cpu_widths.is_empty()) {
        (false, _) => Judgement::new(Fine, "off", "One busy core runs no faster than many."),
        (true, true) => Judgement::new(Fine, "on", "No row here keeps the cores busy."),
        (true, false) => Judgement::new(
            Note,
            "on",
            "One busy core runs faster than many, so wide rows with CPU work fall short of their width \
             by that much.",
        ),
    })
}

pub(super) fn battery(host: &HostFacts, _: &Needs) -> Option<Judgement> {
    Some(match host.on_battery? {
        false => Judgement::new(Fine, "not in use", "Power does not bound the clock."),
        true => Judgement::new(
            Warning,
            "in use",
            "The machine saves power and lowers its clock in the course of a run, so all rows drift.",
        ),
    })
}
