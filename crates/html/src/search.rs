//! The page of a search: the highest rate of arrivals that each row holds, and every rate that was tried.

use maud::{Markup, html};
use paceline_journal::{RateSearch, RunHeader};
use paceline_report::words;
use paceline_stats::search::{Probe, Search, Step};

use crate::axis::Scale;
use crate::family::Family;
use crate::figure::{Drawing, Figure, Room, table};
use crate::label::cut;
use crate::mark::mark;
use crate::measured::facts;
use crate::number::{count, px};
use crate::page::{document, foot};
use crate::placing::text_px;

/// What a search for rates found, as one page of HTML. `rows` are those of [`Search::of`].
#[must_use]
pub fn search(header: &RunHeader, limits: &RateSearch, rows: &[Search]) -> String {
    let title = words::name(&header.plan.matrix.title);
    let mut ranked: Vec<&Search> = rows.iter().collect();
    ranked.sort_by(|a, b| held(b).total_cmp(&held(a)));
    let content = html! {
        header {
            div {
                h1 { bdi { (title) } }
                p class="faint" {
                    (count(rows.len(), "row")) " · a search for rates · scale " bdi { (words::name(&header.plan.scale)) }
                }
            }
        }
        main id="main" {
            section aria-labelledby="in-short" {
                h2 id="in-short" { "The highest rate at which " (words::rate_limit(limits)) }
                p { "At each rate, items arrived on a schedule for " (limits.for_ms as f64 / 1e3) " s, in a fresh process, and latency counts \
                    from an item's arrival. Each rate was tried once: one bad second fails a rate that would hold, so read what was tried." }
                @if let Some(warning) = words::too_short(limits) {
                    div class="warnings" role="note" { p { (warning) } }
                }
                (found(&ranked))
            }
            section aria-labelledby="tried" { h2 id="tried" { "What was tried" } (ladder(limits, &ranked)) }
            section aria-labelledby="measured" { h2 id="measured" { "How this was measured" } (facts(header)) }
        }
        (foot(header))
    };
    document(&title, &content)
}

fn found(rows: &[&Search]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="The highest rates" {
            table id="rows" {
                thead { tr { th scope="col" class="name" { "Row" } th scope="col" { "Highest rate" } } }
                tbody { @for row in rows {
                    tr {
                        th scope="row" class="name" {
                            span class=(format!("dot {}", family(row).class())) aria-hidden="true" {}
                            bdi { (words::name(&row.row.name)) }
                        }
                        td { (words::rate_found(&row.step)) }
                    }
                } }
            }
        }
    }
}

/// Every rate that was tried, row by row on one axis.
fn ladder(limits: &RateSearch, rows: &[&Search]) -> Markup {
    let drawing = |room| draw(rows, room);
    let figure = Figure {
        id: "ladder".to_owned(),
        title: "Rates by row".to_owned(),
        description: format!(
            "The rates that were tried for {} rows on a logarithmic axis; a cross is one that failed.",
            rows.len()
        ),
        legend: html! {
            ul class="legend" {
                li { svg class="key" viewBox="0 0 14 14" aria-hidden="true" { circle class="mark" cx="7" cy="7" r="4.6" {} } "held" }
                li { svg class="key" viewBox="0 0 14 14" aria-hidden="true" { (cross(7.0, 7.0)) } "failed" }
            }
        },
        drawing: &drawing,
        table: table(
            "Every rate that was tried",
            &["Row", "What came of it"],
            &tried(limits, rows),
        ),
    };
    figure.render()
}

fn draw(rows: &[&Search], room: Room) -> Drawing {
    const HEAD_PX: f64 = 44.0;
    const ROW_PX: f64 = 40.0;
    let rates = rows.iter().flat_map(|row| row.trail.iter().map(|probe| probe.rate_per_s));
    let scale = Scale::log(rates, 14.0, room.width_px() - 14.0);
    let height_px = HEAD_PX + ROW_PX * rows.len() as f64;
    let y = |place: usize| HEAD_PX + ROW_PX * place as f64;
    let marks = html! {
        g class="grid" {
            text class="axis" x="2" y="12" { "arrivals per second, log scale →" }
            @for tick in scale.ticks(if room == Room::Wide { 8 } else { 4 }) {
                @let text = format!("{tick}/s");
                @let half_px = text_px(&text, room.font_px()) / 2.0;
                path d=(format!("M{} {}V{}", px(scale.at(tick)), px(HEAD_PX - 6.0), px(height_px))) {}
                text x=(px(scale.at(tick).clamp(half_px, room.width_px() - half_px))) y=(px(HEAD_PX - 12.0)) text-anchor="middle" { (text) }
            }
        }
        @for (place, row) in rows.iter().enumerate() {
            text class="label" x="2" y=(px(y(place) + 14.0)) { (cut(&words::name(&row.row.name), if room == Room::Wide { 100 } else { 44 })) }
            @for probe in &row.trail {
                @let x = scale.at(probe.rate_per_s);
                @if probe.holds { (mark(family(row), x, y(place) + 28.0, 4.6)) } @else { (cross(x, y(place) + 28.0)) }
            }
        }
    };
    Drawing { height_px, marks }
}

fn tried(limits: &RateSearch, rows: &[&Search]) -> Vec<Vec<String>> {
    let of_row = |row: &&Search| {
        let name = words::name(&row.row.name);
        let line = move |probe: &Probe| vec![name.clone(), words::rate_tried(limits, probe)];
        row.trail.iter().map(line).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_row).collect()
}

fn cross(x: f64, y: f64) -> Markup {
    html! { path class="ghost" d=(format!("M{} {}l8 8m0 -8l-8 8", px(x - 4.0), px(y - 4.0))) {} }
}

fn family(row: &Search) -> Family {
    Family::of(&row.row.case.executor)
}

/// The highest rate that a row held, and less than any where it held none.
fn held(row: &Search) -> f64 {
    match row.step {
        Step::Between(holds, _) | Step::AtLeast(holds) => holds,
        Step::NotEven(_) => -1.0,
        // It is still going: what it has held so far.
        Step::Try(_) => {
            row.trail.iter().filter(|p| p.holds).map(|p| p.rate_per_s).fold(0.0, f64::max)
        }
    }
}
