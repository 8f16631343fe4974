//! How the numbers came about: host, rounds, noise, what could be told apart, and what is not shown.

use maud::{Markup, html};
use paceline_journal::RunHeader;
use paceline_protocol::MemoryKind;
use paceline_report::words;
use paceline_stats::every_round::{LEAST_RANGES, LEAST_ROUNDS};
use paceline_stats::summary::{Ending, RowState};

use crate::model::{Entry, Ghosts, Model};
use crate::number::{count, size};

/// So many reasons of a row are shown at once: in every round it may have had another one, or the same.
const MOST_REASONS: usize = 3;

pub(crate) fn measured(model: &Model<'_>) -> Markup {
    html! {
        section aria-labelledby="measured" {
            h2 id="measured" { "How this was measured" }
            p { (method(model)) }
            @if let Some(schedule) = &model.run.header().plan.conduct.schedule { p { (on_schedule(schedule.rate_per_s)) } }
            p { (words::detectable(model.run)) }
            @if model.groups.iter().any(|g| !g.advice.candidates.is_empty() && !g.advice.can_tell()) { p { (beyond_doubt()) } }
            @if model.ghosts != Ghosts::Absent { p { (ghosts(model.ghosts)) } }
            (not_shown(model))
            (flagged(model))
            (noise(model))
            (facts(model.run.header()))
        }
    }
}

/// What must be known before any number is believed; empty when the run is whole and all is valid.
pub(crate) fn warnings(model: &Model<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    match model.run.summary().ending {
        Ending::Interrupted => warnings.push("The run was interrupted: this report is partial.".to_owned()),
        Ending::CutShort => warnings.push(
            "The journal has no end: the run was cut short or is still going. This report is partial.".to_owned(),
        ),
        Ending::Completed | Ending::Budget | Ending::Precision => {}
    }
    if let Some(line) = model.run.journal().torn_line {
        warnings.push(format!("Line {line} of the journal is torn, and left out."));
    }
    warnings.extend(busy(model));
    let not_valid = model.entries().filter(|(_, entry)| is_not_shown(entry)).count();
    if not_valid > 0 {
        warnings.push(format!(
            "{} shown without a result: invalid, broken, timed out or skipped. The reasons stand under “How this was measured”.",
            if not_valid == 1 { "1 row is".to_owned() } else { format!("{not_valid} rows are") }
        ));
    }
    warnings
}

/// That the machine had other things to do for most of what is counted: then rows may differ by what these
/// did.
fn busy(model: &Model<'_>) -> Option<String> {
    let entries = || model.entries().map(|(_, entry)| entry);
    let kept: usize = entries().map(|entry| entry.row.noise.kept).sum();
    let counted: usize = entries().map(|entry| entry.row.rounds.len()).sum();
    (kept * 2 > counted).then(|| {
        format!(
            "The machine was busy with other things: {kept} of {} were disturbed from outside. Rows may differ by \
             what these did, so run it again on a machine that is idle before you choose.",
            count(counted, "counted sample")
        )
    })
}

fn method(model: &Model<'_>) -> String {
    let memories = model.run.rows().iter().filter_map(|row| row.memory.as_ref());
    let rss = memories.into_iter().any(|memory| memory.kind == MemoryKind::Rss);
    let memory = match rss {
        false => "the peak of the summed PSS, in which a page that processes share counts once",
        true => {
            "the peak of the summed RSS (this system tells no PSS), in which a page that processes share counts for each"
        }
    };
    format!(
        "A time is the mean of {} after one to warm up. Each sample ran in a fresh process, one at a time; \
         in one round all rows met the same inputs, in an order of its own. A time is what a user pays: lanes come up, \
         run and end. Its interval is a 95 % bootstrap interval of the mean over the rounds. Ideal is what list \
         scheduling (tasks in order, each to the first free lane) needs on the same inputs. Memory is {memory}, of the \
         whole process tree, read in {}. Items in flight come from the receipts of the items, not from what an \
         executor says.",
        count(model.run.summary().rounds as usize, "round"),
        count(model.run.header().plan.conduct.memory_rounds as usize, "round")
    )
}

fn on_schedule(rate_per_s: f64) -> String {
    format!(
        "Open loop: items arrived on a schedule, {rate_per_s} a second from the moment at which all lanes were up, whatever \
         became of those before. Latency counts from an item's arrival to its end, waiting for a lane included, so \
         what a slow moment does to those who come meanwhile is in it. A time is that of the schedule. A row that had not \
         begun all its items when as much time again had passed is invalid."
    )
}

/// What the cards call beyond doubt where no test can tell, and why intervals alone are not enough for it.
fn beyond_doubt() -> String {
    format!(
        "Beyond doubt is said of a row that took longer in every one of at least {LEAST_ROUNDS} rounds, where even the \
         least of these ratios lies farther above 1 than {LEAST_RANGES} times the range of them all, on logarithms: \
         a test of ranks sees the order of times alone, and not how far apart they are. Two intervals that do not \
         touch show less than they seem to: those of few rounds are too narrow, and of many rows some lie apart by \
         chance."
    )
}

fn ghosts(ghosts: Ghosts) -> &'static str {
    match ghosts {
        Ghosts::Proportional => {
            "The reference's marks come from the table of the program that Paceline's rows are named after, measured on another \
             machine and on larger items. They are scaled so that its sequential row stands at ours: compare shapes, not seconds."
        }
        _ => {
            "The reference's marks come from the table of the program that Paceline's rows are named after. It ran on another \
             machine, with 8 cores: compare shapes before seconds."
        }
    }
}

fn is_not_shown(entry: &Entry<'_>) -> bool {
    !matches!(entry.row.state, RowState::Valid | RowState::NotRun)
}

fn not_shown(model: &Model<'_>) -> Markup {
    let without: Vec<&Entry<'_>> =
        model.entries().map(|(_, entry)| entry).filter(|entry| is_not_shown(entry)).collect();
    let not_run = model.entries().filter(|(_, e)| e.row.state == RowState::NotRun).count();
    html! {
        h3 { "Rows without a result" }
        @if without.is_empty() && not_run == 0 { p { "None: every row proved its work." } }
        @if not_run > 0 { p { (count(not_run, "row")) " were not run." } }
        @if !without.is_empty() {
            dl class="reasons" {
                @for entry in without {
                    @let (state, reasons) = words::state_and_reasons(&entry.row.state);
                    dt { bdi { (entry.name) } " " span class="badge bad" { (state.replace('_', " ")) } }
                    @for reason in reasons.iter().take(MOST_REASONS) { dd { bdi { (words::lines(reason)) } } }
                    @if reasons.len() > MOST_REASONS {
                        dd { details {
                            summary { (count(reasons.len() - MOST_REASONS, "more reason")) }
                            @for reason in &reasons[MOST_REASONS..] { p { bdi { (words::lines(reason)) } } }
                        } }
                    }
                }
            }
        }
    }
}

fn flagged(model: &Model<'_>) -> Markup {
    let flagged: Vec<&Entry<'_>> = model
        .entries()
        .map(|(_, entry)| entry)
        .filter(|e| !e.row.flags.is_empty() || e.row.retried > 0)
        .collect();
    html! {
        h3 { "Flagged, and in the means all the same" }
        @if flagged.is_empty() { p { "None: no outlier, drift or split in two was found." } }
        @else {
            dl class="reasons" {
                @for entry in flagged {
                    dt { bdi { (entry.name) } }
                    @for flag in &entry.row.flags { dd { (words::flag(flag)) } }
                    @if entry.row.retried > 0 {
                        dd { (entry.row.retried) " attempts more than items: lost with their child and run again" }
                    }
                }
            }
        }
    }
}

fn noise(model: &Model<'_>) -> Markup {
    let sum = |part: fn(&Entry<'_>) -> usize| model.entries().map(|(_, e)| part(e)).sum::<usize>();
    let disturbed = sum(|entry| entry.row.noise.disturbed);
    let too_short = sum(|entry| entry.row.noise.too_short);
    let rows: Vec<&Entry<'_>> =
        model.entries().map(|(_, entry)| entry).filter(|e| e.row.noise.disturbed > 0).collect();
    html! {
        h3 { "Noise" }
        @if too_short > 0 {
            p { (count(too_short, "sample")) " too short to tell whether steal or other processes disturbed them." }
        }
        @if disturbed == 0 { p { "No sample is known to be disturbed from outside." } }
        @else {
            p { (count(disturbed, "sample")) " disturbed from outside, " (sum(|e| e.row.noise.retaken))
                " taken again; " (sum(|e| e.row.noise.kept)) " disturbed ones are in the means." }
            details { summary { "By row" }
                dl class="reasons" {
                    @for entry in rows {
                        dt { bdi { (entry.name) } }
                        @for cause in &entry.row.noise.causes { dd { (cause) } }
                    }
                }
            }
        }
    }
}

/// The host and the run.
pub(crate) fn facts(header: &RunHeader) -> Markup {
    let host = &header.host;
    let unknown = || "unknown".to_owned();
    let yes = |fact: Option<bool>| {
        fact.map_or_else(unknown, |yes| if yes { "yes" } else { "no" }.to_owned())
    };
    let memory = |bytes: Option<u64>| bytes.map_or_else(unknown, |bytes| size(bytes as f64));
    let engines: Vec<String> =
        header.engines.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let load = host.load_average.map(|load| load.map(|l| format!("{l:.2}")).join(", "));
    let facts = [
        ("processor", host.cpu_model.clone().unwrap_or_else(unknown)),
        (
            "cores",
            format!(
                "{} usable of {}",
                host.usable_cores,
                host.logical_cores.map_or_else(unknown, |cores| cores.to_string())
            ),
        ),
        (
            "CPU quota",
            host.cpu_quota_cores.map_or("none".to_owned(), |quota| format!("{quota:.2} cores")),
        ),
        (
            "memory",
            format!(
                "{}, {} free at the start",
                memory(host.total_memory_bytes),
                memory(host.available_memory_bytes)
            ),
        ),
        ("virtual machine", yes(host.virtualised)),
        ("frequency governor", host.governor.clone().unwrap_or_else(unknown)),
        ("load at the start", load.unwrap_or_else(unknown)),
        (
            "system",
            format!("{} {} {}", host.os, host.kernel_release.as_deref().unwrap_or(""), host.arch),
        ),
        ("paceline", header.paceline.clone()),
        ("revision", header.revision.clone().unwrap_or_else(unknown)),
        ("compiler", header.rustc.clone()),
        ("engines", engines.join(", ")),
        (
            "matrix, scale, seed",
            format!("{}, {}, {}", header.plan.matrix.name, header.plan.scale, header.plan.seed),
        ),
        (
            "selected by",
            if header.plan.only.is_empty() {
                "nothing: all rows".to_owned()
            } else {
                header.plan.only.join(" and ")
            },
        ),
        ("retakes", format!("{} of a disturbed sample", header.plan.conduct.retakes)),
        ("run", header.run_id.clone()),
    ];
    html! {
        h3 { "Host and run" }
        dl class="host" {
            @for (name, fact) in facts { div { dt { (name) } dd { bdi { (words::name(&fact)) } } } }
        }
    }
}
