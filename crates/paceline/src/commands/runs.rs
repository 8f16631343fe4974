//! `cargo xtask runs`: lists saved runs, and removes those that nobody needs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use jiff::Timestamp;
use paceline_journal::{EndReason, FILE_NAME, Journal, Purpose, RunHeader, is_being_written};
use paceline_report::{RunLine, Screen, run_list};
use serde::Serialize;

use crate::cli::{RunsArgs, RunsFormat, RunsWhat};
use crate::commands::print;
use crate::terminal;
use paceline_driver::Usage;
use paceline_driver::{runs, workspace};

pub(crate) fn run(args: &RunsArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    match args.what.as_ref().unwrap_or(&RunsWhat::List { format: RunsFormat::Table }) {
        RunsWhat::List { format } => {
            list(&parent, *format, terminal::screen(args.color.when, false, false))?;
        }
        RunsWhat::Show { run } => show(&runs::find(run, &parent)?)?,
        RunsWhat::Remove { runs, yes } => remove(runs, *yes, &parent)?,
        RunsWhat::Size => size(&parent)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(parent: &Path, format: RunsFormat, screen: Screen) -> Result<()> {
    let lines: Vec<RunLine> =
        runs::ids(parent).iter().map(|id| line(&parent.join(id), id)).collect();
    match format {
        RunsFormat::Json => print(&json(&lines)?),
        RunsFormat::Table if lines.is_empty() => {
            let place = workspace::shown(parent);
            print(&format!("no runs in {place}; `cargo xtask bench` makes one\n"))
        }
        RunsFormat::Table => print(&run_list(&lines, screen)),
    }
}

/// What a list shows of the run in `folder`.
fn line(folder: &Path, id: &str) -> RunLine {
    let bytes = bytes_in(folder).unwrap_or(0);
    let path = folder.join(FILE_NAME);
    match Journal::read(&path) {
        Ok(journal) => RunLine {
            state: state(&journal, &path),
            rounds: Some(journal.rounds()),
            ..of_header(&journal.header, id, bytes)
        },
        // The header may be whole although a later line is broken.
        Err(_) => match Journal::read_header(&path) {
            Ok(header) => RunLine { state: "unreadable", ..of_header(&header, id, bytes) },
            Err(_) => {
                RunLine { id: id.to_owned(), state: "unreadable", bytes, ..RunLine::default() }
            }
        },
    }
}

fn of_header(header: &RunHeader, id: &str, bytes: u64) -> RunLine {
    RunLine {
        id: id.to_owned(),
        name: header.name.clone(),
        began_utc: began(header),
        matrix: Some(header.plan.matrix.name.clone()),
        scale: Some(header.plan.scale.clone()),
        rows: Some(header.plan.rows.len()),
        bytes,
        ..RunLine::default()
    }
}

fn began(header: &RunHeader) -> Option<String> {
    let milliseconds = i64::try_from(header.started_unix_ms).ok()?;
    let time = Timestamp::from_millisecond(milliseconds).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M").to_string())
}

fn samples(journal: &Journal) -> String {
    let timed = journal.samples_for(Purpose::Time).count();
    match journal.samples_for(Purpose::Memory).count() {
        0 => timed.to_string(),
        more => format!("{timed}, and {more} for memory alone"),
    }
}

fn state(journal: &Journal, path: &Path) -> &'static str {
    match journal.end.as_ref().map(|end| end.reason) {
        None if is_being_written(path) => "running",
        Some(EndReason::Interrupted) => "interrupted",
        Some(_) => "complete",
        None => "no end",
    }
}

fn json(lines: &[RunLine]) -> Result<String> {
    #[derive(Serialize)]
    struct Document<'a> {
        format: u32,
        runs: &'a [RunLine],
    }
    let document = Document { format: 1, runs: lines };
    let text = serde_json::to_string_pretty(&document).context("write the runs as JSON")?;
    Ok(text + "\n")
}

fn show(path: &Path) -> Result<()> {
    let journal = Journal::read(path)?;
    let header = &journal.header;
    let known = |fact: Option<String>| fact.unwrap_or_else(|| "unknown".to_owned());
    let host = &header.host;
    let facts = [
        ("run", header.run_id.clone()),
        ("name", header.name.clone().unwrap_or_else(|| "-".to_owned())),
        ("began", known(began(header).map(|time| time + " UTC"))),
        (
            "matrix",
            format!(
                "{}, scale {}, seed {}",
                header.plan.matrix.name, header.plan.scale, header.plan.seed
            ),
        ),
        (
            "only",
            if header.plan.only.is_empty() {
                "all rows".to_owned()
            } else {
                header.plan.only.join(", ")
            },
        ),
        ("rows", header.plan.rows.len().to_string()),
        ("rounds", format!("{} of at most {}", journal.rounds(), header.plan.conduct.stop.rounds)),
        ("samples", samples(&journal)),
        ("state", state(&journal, path).to_owned()),
        (
            "host",
            format!(
                "{} with {} usable cores, {} {}",
                known(host.cpu_model.clone()),
                host.usable_cores,
                host.os,
                known(host.kernel_release.clone())
            ),
        ),
        ("revision", known(header.revision.clone())),
        ("compiler", header.rustc.clone()),
        ("paceline", header.paceline.clone()),
        ("journal", workspace::shown(path)),
    ];
    let lines = facts.iter().map(|(what, fact)| format!("{what:9} {}\n", fact.escape_debug()));
    print(&lines.collect::<String>())
}

/// All runs are found before the first is removed, so that a slip in one name removes none.
fn remove(wanted: &[String], yes: bool, parent: &Path) -> Result<()> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for wanted in wanted {
        let folder = removable(wanted, parent)?;
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let mut text = String::new();
    for folder in &folders {
        let (shown, mib) = (workspace::shown(folder), in_mib(bytes_in(folder)?));
        if yes {
            fs::remove_dir_all(folder).with_context(|| format!("remove {shown}"))?;
        }
        text += &format!("{} {shown} ({mib})\n", if yes { "removed" } else { "would remove" });
    }
    print(&text)?;
    if yes {
        return Ok(());
    }
    Err(Usage::new("remove anything without --yes; nothing was removed").into())
}

/// The folder of a run that may be removed: one in `parent` itself, with a journal that begins as one.
/// Anything else that a path leads to is never deleted.
fn removable(wanted: &str, parent: &Path) -> Result<PathBuf> {
    let journal = runs::find(wanted, parent)?;
    let refuse = |why: &str| Usage::new(format!("remove `{wanted}`: {why}"));
    let folder = journal.parent().ok_or_else(|| refuse("it is no folder"))?;
    let place = workspace::shown(parent);
    let outside = || refuse(&format!("it is no run in {place}; only those are removed"));
    let real =
        |path: &Path| fs::canonicalize(path).with_context(|| format!("find {}", path.display()));
    let folder = real(folder)?;
    if folder.parent() != Some(real(parent)?.as_path()) {
        return Err(outside().into());
    }
    if journal.file_name().is_none_or(|name| name != FILE_NAME) {
        return Err(outside().into());
    }
    if is_being_written(&journal) {
        return Err(refuse("it is still running").into());
    }
    Journal::read_header(&journal).map_err(|error| {
        refuse(&format!(
            "it does not look like a run ({error}); remove {} by hand",
            folder.display()
        ))
    })?;
    Ok(folder)
}

fn size(parent: &Path) -> Result<()> {
    let mut sizes: Vec<(u64, String)> = Vec::new();
    for id in runs::ids(parent) {
        sizes.push((bytes_in(&parent.join(&id))?, id));
    }
    sizes.sort_by(|a, b| b.cmp(a));
    let lines =
        sizes.iter().map(|(bytes, id)| format!("{:>12}  {}\n", in_mib(*bytes), id.escape_debug()));
    let all: u64 = sizes.iter().map(|(bytes, _)| bytes).sum();
    let runs = if sizes.len() == 1 { "run" } else { "runs" };
    let count = format!("all {} {runs}", sizes.len());
    print(&format!("{}{:>12}  {count}\n", lines.collect::<String>(), in_mib(all)))
}

fn in_mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// The bytes of all files in `folder`. Links are not followed.
fn bytes_in(folder: &Path) -> Result<u64> {
    fn of(path: &Path) -> io::Result<u64> {
        let facts = fs::symlink_metadata(path)?;
        if !facts.is_dir() {
            return Ok(facts.len());
        }
        fs::read_dir(path)?.map(|entry| of(&entry?.path())).sum()
    }
    of(folder).with_context(|| format!("look into {}", folder.display()))
}
