//! The page as a whole.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use paceline_journal::RunHeader;
use paceline_report::words;
use paceline_stats::Run;

use crate::model::{Group, Model};
use crate::number::count;
use crate::options::Options;
use crate::{answer, arrivals, bars, measured, rows, scaling, timeline, tradeoff};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The page loads nothing, and runs no script but its own, which is named by its hash; a test holds the
/// hash against the script.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    script-src 'sha256-zszhsoYC7Zqha/5Te01yqXW8aFAQlz3d33esn2X/vHA='; base-uri 'none'; form-action 'none'";

/// The report of a run as one page of HTML.
#[must_use]
pub fn html(run: &Run, options: &Options) -> String {
    let model = Model::of(run, options);
    let title = words::name(&run.header().plan.matrix.title);
    let content = html! {
        (head(&model, &title))
        main id="main" { (body(&model)) }
        (foot(run.header()))
        textarea id="markdown" hidden aria-hidden="true" tabindex="-1" readonly { (paceline_report::markdown(run)) }
        script { (PreEscaped(SCRIPT)) }
    };
    document(&title, &content)
}

/// A whole file with what is in its body.
pub(crate) fn document(title: &str, content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="Paceline";
                title { (title) " · Paceline" }
                // Without it a browser asks the server for one.
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#main" { "Skip to the report" }
                (content)
            }
        }
    };
    page.into_string()
}

fn head(model: &Model<'_>, title: &str) -> Markup {
    let header = model.run.header();
    let processor = header.host.cpu_model.as_deref().unwrap_or(&header.host.arch);
    html! {
        header {
            div {
                h1 { bdi { (title) } }
                p class="faint" {
                    (count(model.run.rows().len(), "row")) " · " (count(model.run.summary().rounds as usize, "counted round"))
                    " · scale " bdi { (words::name(&header.plan.scale)) } " · " bdi { (words::name(processor)) }
                    ", " (count(header.host.usable_cores, "core"))
                }
            }
            div class="tools needs-script" {
                button type="button" id="copy" { "Copy as Markdown" }
                button type="button" id="scheme" { "Theme: auto" }
            }
            span id="said" class="unseen" role="status" aria-live="polite" {}
        }
    }
}

fn body(model: &Model<'_>) -> Markup {
    let warnings = measured::warnings(model);
    html! {
        @if !warnings.is_empty() {
            div class="warnings" role="note" { @for warning in &warnings { p { (warning) } } }
        }
        section aria-labelledby="in-short" {
            h2 id="in-short" { "In short" }
            @if model.groups.is_empty() { p { "The run has no rows." } }
            @if model.is_open_loop() {
                div class="cards" { @for group in &model.groups { (arrivals::answer(group)) } }
            } @else {
                div class="cards" { @for group in &model.groups { (answer::answer(group)) } }
                (answer::footnotes(model))
            }
        }
        @if model.is_open_loop() {
            (charts(model, "latency", "Latency", arrivals::latencies))
        } @else {
            (charts(model, "time", "Time", bars::bars))
            (charts(model, "memory", "What it costs in memory", |_, group| tradeoff::tradeoff(group)))
            (charts(model, "width", "What width brings", |_, group| scaling::scaling(group)))
        }
        section aria-labelledby="lanes" {
            h2 id="lanes" { "What ran when" }
            // Side by side are the rows that differ in time.
            @for group in model.groups.iter().filter(|_| !model.is_open_loop()) {
                @if let Some(figure) = timeline::side_by_side(model, group) { (figure) }
            }
            (timeline::chooser(model))
        }
        (rows::rows(model))
        (measured::measured(model))
    }
}

/// One chart for each workload that has one.
fn charts(
    model: &Model<'_>,
    id: &str,
    title: &str,
    chart: fn(&Model<'_>, &Group<'_>) -> Option<Markup>,
) -> Markup {
    let figures: Vec<Markup> =
        model.groups.iter().filter_map(|group| chart(model, group)).collect();
    html! {
        @if !figures.is_empty() {
            section aria-labelledby=(id) {
                h2 id=(id) { (title) }
                @for figure in figures { (figure) }
            }
        }
    }
}

pub(crate) fn foot(header: &RunHeader) -> Markup {
    html! {
        footer {
            p class="faint" {
                "Made by Paceline " bdi { (words::name(&header.paceline)) } " from the journal of run "
                bdi { (words::name(&header.run_id)) } ". The page is whole by itself and asks the network for nothing."
            }
        }
    }
}
