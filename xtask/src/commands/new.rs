//! `cargo xtask new`: writes a working executor or workload to start from.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use paceline::output::print;
use paceline_driver::{Usage, git, workspace};

use crate::cli::{NewArgs, NewWhat, ScaffoldArgs};
use crate::scaffold::{self, Scaffold, Step};

/// How many changed files a refusal names.
const NAMED_FILES: usize = 3;

pub(crate) fn run(args: &NewArgs) -> Result<ExitCode> {
    let root = workspace::root();
    let (scaffold, how) = match &args.what {
        NewWhat::Executor(args) => {
            (scaffold::executor(&root, &args.scaffold.name, args.kind)?, &args.scaffold)
        }
        NewWhat::Workload(args) => (scaffold::workload(&root, &args.name)?, args),
    };
    print(&carry_out(&root, &scaffold, how)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the changes, or with `--dry-run` only shows them. Returns what is told about it.
fn carry_out(root: &Path, scaffold: &Scaffold, how: &ScaffoldArgs) -> Result<String> {
    if how.dry_run {
        return Ok(scaffold.changes.patch());
    }
    let changed = match how.allow_dirty {
        true => changed(root).ok(),
        false => {
            let changed = changed(root)?;
            refuse_a_dirty_tree(&changed)?;
            Some(changed)
        }
    };
    scaffold.changes.make()?;
    let mut text = String::new();
    for (path, new) in scaffold.changes.paths() {
        writeln!(text, "{} {path}", if new { "wrote  " } else { "changed" })?;
    }
    text.push_str("\nIt works as it stands:\n");
    let longest = scaffold.next.iter().map(|step| step.command.len()).max().unwrap_or(0);
    for Step { command, what_for } in &scaffold.next {
        writeln!(text, "  {command:longest$}  {what_for}")?;
    }
    Ok(text + &how_to_take_back(scaffold, changed.as_deref()))
}

/// How the changes are undone. `changed` are the files that had changes before, if git can tell: restoring
/// one of them would take back more than was written.
fn how_to_take_back(scaffold: &Scaffold, changed: Option<&[String]>) -> String {
    let is_clean = |path: &&str| changed.is_some_and(|changed| changed.iter().all(|c| c != path));
    let edited = scaffold.changes.paths().filter(|(_, new)| !new).map(|(path, _)| path);
    // The lock file follows the manifests with the next build, and changes of the user's own in it do, too.
    let has_manifest = scaffold.changes.paths().any(|(path, _)| path.ends_with("Cargo.toml"));
    let lock = has_manifest.then_some("Cargo.lock").filter(is_clean);
    let edited = edited.chain(lock);
    let (clean, mixed): (Vec<&str>, Vec<&str>) = edited.partition(is_clean);
    let new = scaffold.new.join(" ");
    let mut text = format!("\nTo take it back, in the root of the checkout:\n  rm -r {new}\n");
    if !clean.is_empty() {
        text += &format!("  git restore {}\n", clean.join(" "));
    }
    if !mixed.is_empty() {
        text += &format!("and by hand, beside changes of yours, in {}\n", mixed.join(", "));
    }
    text
}

/// The files of the checkout that have changes which are not committed.
fn changed(root: &Path) -> Result<Vec<String>> {
    git::changed(root).map_err(|why| {
        let what = "see whether files have changed (--allow-dirty does not ask)";
        Usage::new(format!("{what}: {why}")).into()
    })
}

/// What is generated is easier to review, and to take back, when it is all that git sees.
fn refuse_a_dirty_tree(changed: &[String]) -> Result<()> {
    let named: Vec<&str> = changed.iter().take(NAMED_FILES).map(String::as_str).collect();
    if named.is_empty() {
        return Ok(());
    }
    let more = match changed.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let reason = "write beside changes that are not committed (--allow-dirty does)";
    Err(Usage::new(format!("{reason}: {}{more}", named.join(", "))).into())
}
