//! The report as a page: written beside the journal, and opened if wanted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};
use paceline_html::{Options, Reference};
use paceline_stats::Run;

use crate::cli::{Against, Format, ReportArgs};
use crate::commands::{is_standard_output, print, say};
use crate::exit;
use paceline_driver::Usage;
use paceline_driver::{environment, runs, workspace};

/// The name of a run's page in its folder.
pub(crate) const FILE_NAME: &str = "report.html";

/// Writes the page of the journal at `path`, and opens it if that was asked.
pub(crate) fn show(path: &Path, args: &ReportArgs) -> Result<ExitCode> {
    if args.format != Format::Html {
        return Err(Usage::new("open: only a page can be opened: add --format html").into());
    }
    args.look.check(args.format)?;
    let run = runs::read(path)?;
    let page = page(&run, args.against);
    if args.output.as_deref().is_some_and(is_standard_output) {
        if args.open {
            return Err(Usage::new("open: a page on standard output is no file").into());
        }
        print(&page)?;
    } else {
        let file = args.output.clone().unwrap_or_else(|| beside(path));
        fs::write(&file, page).with_context(|| format!("write {}", file.display()))?;
        say(&format!("the page is {}", workspace::shown(&file)));
        if args.open {
            open(&file)?;
        }
    }
    Ok(exit::of_run(&run))
}

/// Writes the page of a run that has ended beside its journal at `path`. The run is what was asked for and is
/// saved: a page that cannot be written is told, and no failure.
pub(crate) fn beside_journal(path: &Path, run: &Run) {
    if let Err(error) = fs::write(beside(path), page(run, None)) {
        say(&format!("warning: no page was written: {error}"));
    }
}

/// The page, with the reference's times where the run's matrix has its rows. That of a search for rates
/// has what was found, since its samples are of different loads and have no common mean.
pub(crate) fn page(run: &Run, against: Option<Against>) -> String {
    if let Some((limits, rows)) = run.search() {
        return paceline_html::search(run.header(), limits, rows);
    }
    let by_default = match run.header().plan.matrix.name.as_str() {
        "seed" => Against::Seed,
        _ => Against::None,
    };
    let against = match against.unwrap_or(by_default) {
        Against::Seed => Some(Reference::seed()),
        Against::None => None,
    };
    paceline_html::html(run, &Options { against })
}

fn beside(journal: &Path) -> PathBuf {
    journal.with_file_name(FILE_NAME)
}

/// Hands the file to whatever this desktop opens pages with.
fn open(file: &Path) -> Result<()> {
    let file = fs::canonicalize(file).with_context(|| format!("find {}", file.display()))?;
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = match cfg!(windows) {
        true => Command::new("explorer"),
        false => Command::new(opener),
    };
    environment::restore(&mut command);
    command.arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let name = command.get_program().to_string_lossy().into_owned();
    command
        .spawn()
        .map(drop)
        .with_context(|| format!("start `{name}`; open {} by hand", file.display()))
}
