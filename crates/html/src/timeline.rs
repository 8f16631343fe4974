//! The lanes side by side, and the timeline of a row of one's choice.

use maud::{Markup, PreEscaped, html};
use paceline_journal::Sample;
use paceline_protocol::Measured;
use paceline_stats::summary::RowSummary;

use crate::family::Family;
use crate::figure::table;
use crate::flight::{flight, steps};
use crate::lanes::{end_ns, is_summed, lane_count, lanes, spans, time_axis};
use crate::model::{Entry, Group, Model};
use crate::number::{count, thousands, time};
use crate::typical::{in_order, typical};

/// All timelines of one's choice together take no more than this, in bytes: a page stays easy to send.
const BUDGET_BYTES: usize = 550_000;

/// A table of lanes has no more lines.
const MOST_LANES_LISTED: usize = 64;

/// A row with what is shown of it.
type Panel<'a> = (&'a Entry<'a>, &'a Sample, &'a Measured);

/// Rows of different families on one axis: the difference at one look.
pub(crate) fn side_by_side(model: &Model<'_>, group: &Group<'_>) -> Option<Markup> {
    let entries = telling(group);
    let rows: Vec<&RowSummary> = entries.iter().map(|entry| entry.row).collect();
    let panels: Vec<Panel<'_>> = entries
        .iter()
        .zip(in_order(model.run, &rows))
        .filter_map(|(entry, shown)| shown.map(|(sample, measured)| (*entry, sample, measured)))
        .collect();
    let axis_ns = panels.iter().map(|(.., measured)| end_ns(&measured.items)).max()?;
    Some(html! {
        figure id=(format!("lanes-{}", group.index)) class="multiples" {
            figcaption { h3 { "Lanes side by side · " (group.kind) } }
            p class="note" { "Each bar is an item, each band a lane, all on one axis of time. Each row is shown in one of its counted \
                rounds: the one nearest its mean that keeps the rows in the order of their means. Rounds differ in their \
                inputs, so items of two rows match only where both are of the same round."
                @if panels.iter().any(|(.., measured)| is_summed(&measured.items)) {
                    " Of more items or lanes than can be drawn a band is the darker, the busier its lanes were."
                } }
            @for (entry, sample, measured) in &panels {
                div class="multiple" {
                    h4 { bdi { (entry.label) } " " (badge(group, entry))
                        span class="faint" { (concurrency(entry, measured)) } }
                    div class="strip" {
                        (lanes(&measured.items, entry.family, axis_ns, &spoken(entry, measured)))
                        (times(entry, sample, measured))
                    }
                }
            }
            div class="strip" { (time_axis(axis_ns)) }
            details class="numbers" {
                summary { "The numbers of this chart" }
                div class="scroll" tabindex="0" role="region" aria-label=(format!("Numbers: lanes side by side, {}", group.kind)) {
                    (compared(&panels))
                }
            }
        }
    })
}

/// What of a row that is shown among others the cards say: that it is the one to take, or the fastest of its
/// family.
fn badge(group: &Group<'_>, entry: &Entry<'_>) -> Markup {
    let is = |other: Option<&Entry<'_>>| other.is_some_and(|other| other.index == entry.index);
    let of_family = group.timed().filter(|(other, _)| other.family == entry.family).count();
    html! {
        @if is(group.taken().map(|(_, entry)| entry)) {
            span class="badge good" { @if group.advice.can_tell() { "the row to take" } @else { "probably the row to take" } } " "
        } @else if of_family > 1 && is(group.fastest_of(entry.family).map(|(entry, _)| entry)) {
            span class="badge plain" { "fastest of its family" } " "
        }
    }
}

/// Of each family, and of false async, the row that shows it best and the one that the cards name: the row to
/// take or else the fastest of the family. 8 threads and 2 processes are enough to see lanes, and few enough
/// to tell them apart.
fn telling<'g, 'a>(group: &'g Group<'a>) -> Vec<&'g Entry<'a>> {
    let wanted = |family| match family {
        Family::Sequential | Family::FalseAsync => 1,
        Family::Async => usize::MAX,
        Family::Threads | Family::Other => 8,
        Family::Multiproc => 2,
    };
    let taken = group.taken().map(|(_, entry)| entry);
    let of = |family: Family| {
        let of_family = group.timed().map(|(entry, _)| entry).filter(move |e| e.family == family);
        let shows_it = of_family.min_by_key(|entry| {
            let width = entry.width().unwrap_or(0).abs_diff(wanted(family));
            (entry.row.row.case.batch, width)
        });
        let named = taken.filter(|entry| entry.family == family);
        let named = named.or(group.fastest_of(family).map(|(entry, _)| entry));
        // One task or one lane looks like another, so one of them is enough.
        let has_lanes = matches!(family, Family::Threads | Family::Multiproc | Family::Other);
        let mut both: Vec<&Entry<'_>> =
            shows_it.filter(|_| has_lanes).into_iter().chain(named).collect();
        both.sort_by_key(|entry| entry.index);
        both.dedup_by_key(|entry| entry.index);
        both
    };
    Family::ALL.into_iter().flat_map(of).collect()
}

/// The time of the shown round, and the mean beside which it is to be seen.
fn times(entry: &Entry<'_>, sample: &Sample, measured: &Measured) -> Markup {
    let mean = entry.row.seconds.as_ref().map(|seconds| time(seconds.mean()));
    html! {
        p class="times" {
            strong { (time(measured.total_ns() as f64 / 1e9)) }
            span class="faint" { " round " (sample.round) }
            @if let Some(mean) = mean { span class="faint" { " mean " (mean) } }
        }
    }
}

fn concurrency(entry: &Entry<'_>, measured: &Measured) -> String {
    let lanes = match lane_count(&measured.items) {
        1 => format!("1 {}", entry.family.lane()),
        lanes => format!("{} {}", thousands(lanes as u64), entry.family.lanes()),
    };
    format!("{lanes}, at most {} in flight", thousands(measured.seen.peak as u64))
}

fn facts(entry: &Entry<'_>, measured: &Measured) -> String {
    let seconds = measured.total_ns() as f64 / 1e9;
    format!("{}, {}", concurrency(entry, measured), time(seconds))
}

fn spoken(entry: &Entry<'_>, measured: &Measured) -> String {
    format!("Timeline of {}: {}", entry.name, facts(entry, measured))
}

fn compared(panels: &[Panel<'_>]) -> Markup {
    let line = |(entry, sample, measured): &Panel<'_>| {
        vec![
            entry.name.clone(),
            sample.round.to_string(),
            measured.items.item.len().to_string(),
            lane_count(&measured.items).to_string(),
            measured.seen.peak.to_string(),
            format!("{:.2}", measured.seen.mean),
            format!("{:.6}", end_ns(&measured.items) as f64 / 1e9),
        ]
    };
    let heads = [
        "Row",
        "Round",
        "Items",
        "Lanes",
        "Most in flight",
        "Mean in flight",
        "First start to last end (s)",
    ];
    table("Lanes side by side", &heads, &panels.iter().map(line).collect::<Vec<_>>())
}

/// The timeline of each row, of which one is shown.
pub(crate) fn chooser(model: &Model<'_>) -> Markup {
    let chosen = chosen(model);
    let mut left_bytes = BUDGET_BYTES;
    let panels: Vec<(&Group<'_>, &Entry<'_>, String)> = model
        .entries()
        .map(|(group, entry)| {
            let panel = panel(model, entry).into_string();
            let fits = panel.len() <= left_bytes;
            left_bytes -= if fits { panel.len() } else { 0 };
            let panel = if fits { panel } else { left_out(entry).into_string() };
            (group, entry, panel)
        })
        .collect();
    html! {
        figure id="timeline" {
            figcaption { h3 { "Every item of one row" } }
            p class="controls needs-script" {
                label for="choose-row" { "Row" } " "
                select id="choose-row" {
                    @for group in &model.groups {
                        optgroup label=(group.kind) {
                            @for entry in &group.entries {
                                option value=(format!("row-{}", entry.index)) selected[Some(entry.index) == chosen] { (entry.name) }
                            }
                        }
                    }
                }
            }
            div id="panels" aria-live="polite" {
                @for (_, entry, panel) in &panels {
                    div class="panel" id=(format!("row-{}", entry.index)) hidden[Some(entry.index) != chosen] {
                        (PreEscaped(panel))
                    }
                }
            }
        }
    }
}

/// The row that is shown at first: threads, in which lanes are seen best, if there are any.
fn chosen(model: &Model<'_>) -> Option<usize> {
    let telling = model.groups.iter().flat_map(telling);
    let threads = telling.into_iter().find(|entry| entry.family == Family::Threads);
    let first = || model.entries().map(|(_, entry)| entry).next();
    threads.or_else(first).map(|entry| entry.index)
}

fn panel(model: &Model<'_>, entry: &Entry<'_>) -> Markup {
    let Some((sample, measured)) = typical(model.run, entry.row) else {
        return html! { h4 { bdi { (entry.name) } } p class="note" { "No item of this row was recorded." } };
    };
    let items = &measured.items;
    let axis_ns = end_ns(items);
    let spoken = spoken(entry, measured);
    html! {
        h4 { bdi { (entry.name) } " " span class="faint" { (facts(entry, measured)) } }
        p class="note" { (origin(entry, sample, measured)) }
        div class="multiple" { (lanes(items, entry.family, axis_ns, &spoken)) }
        (time_axis(axis_ns))
        h4 { "In flight" }
        (flight(items, measured.asked, entry.family, axis_ns, &format!(
            "Items in flight over time: asked {}, at most {}, {:.1} in the mean",
            measured.asked, measured.seen.peak, measured.seen.mean
        )))
        (time_axis(axis_ns))
        details class="numbers" {
            summary { "The numbers of these charts" }
            div class="scroll" tabindex="0" role="region" aria-label="Numbers: lanes and items in flight" {
                (by_lane(entry, measured)) (over_time(measured, axis_ns))
            }
        }
    }
}

fn left_out(entry: &Entry<'_>) -> Markup {
    html! {
        h4 { bdi { (entry.name) } }
        p class="note" { "Its timeline is left out, to keep the page small. A report of a run with fewer rows has it." }
    }
}

fn origin(entry: &Entry<'_>, sample: &Sample, measured: &Measured) -> String {
    let round = match sample.is_warmup() {
        true => "the warm-up round".to_owned(),
        false if entry.row.seconds.is_some() => {
            format!("round {}, the counted one nearest the row's mean time", sample.round)
        }
        false => format!("round {}", sample.round),
    };
    let mut text = format!("{} of {round}", count(measured.items.item.len(), "item"));
    if measured.items.left_out > 0 {
        text += &format!(" (the journal leaves out {} more)", measured.items.left_out);
    }
    if is_summed(&measured.items) {
        text += "; the darker, the busier the lanes of a band";
    }
    text + "."
}

fn by_lane(entry: &Entry<'_>, measured: &Measured) -> Markup {
    let items = &measured.items;
    let all = lane_count(items);
    let mut lanes = vec![(0_usize, 0_u64, u64::MAX, 0_u64); all.min(MOST_LANES_LISTED)];
    for (lane, start, end) in spans(items).filter(|(lane, ..)| *lane < MOST_LANES_LISTED) {
        let (count, busy, first, last) = &mut lanes[lane];
        *count += 1;
        *busy = busy.saturating_add(end - start);
        (*first, *last) = ((*first).min(start), (*last).max(end));
    }
    let seconds = |ns: u64| format!("{:.6}", ns as f64 / 1e9);
    let line = |(lane, (count, busy, first, last)): (usize, &(usize, u64, u64, u64))| {
        let first = if *count == 0 { 0 } else { *first };
        let name = format!("{} {}", entry.family.lane(), lane + 1);
        vec![name, count.to_string(), seconds(*busy), seconds(first), seconds(*last)]
    };
    let caption = match all > MOST_LANES_LISTED {
        true => format!("The first {MOST_LANES_LISTED} of {all} lanes"),
        false => "Lanes".to_owned(),
    };
    let heads = ["Lane", "Items", "Busy (s)", "First start (s)", "Last end (s)"];
    table(&caption, &heads, &lanes.iter().enumerate().map(line).collect::<Vec<_>>())
}

/// How many were in flight at twenty instants.
fn over_time(measured: &Measured, axis_ns: u64) -> Markup {
    const INSTANTS: u64 = 20;
    let steps = steps(&measured.items);
    let at = |instant: u64| {
        let time_ns = axis_ns / INSTANTS * instant + axis_ns / INSTANTS / 2;
        let position = steps.partition_point(|(time, _)| *time <= time_ns);
        let seen = position.checked_sub(1).map_or(0, |before| steps[before].1);
        vec![format!("{:.6}", time_ns as f64 / 1e9), seen.to_string()]
    };
    table("In flight", &["Time (s)", "Items in flight"], &(0..INSTANTS).map(at).collect::<Vec<_>>())
}
