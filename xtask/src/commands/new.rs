//! `cargo xtask new`: writes a working executor or workload to start from.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::cli::{NewArgs, NewWhat, ScaffoldArgs};
use crate::commands::print;
use crate::exit::Usage;
use crate::scaffold::{self, Scaffold};
use crate::workspace;

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
    if !how.allow_dirty {
        refuse_a_dirty_tree(root)?;
    }
    scaffold.changes.make()?;
    let mut text = String::new();
    for (path, new) in scaffold.changes.paths() {
        writeln!(text, "{} {path}", if new { "wrote  " } else { "changed" })?;
    }
    writeln!(text, "\nIt works as it stands:\n  {}", scaffold.next.join("\n  "))?;
    Ok(text)
}

/// What is generated is easier to review, and to take back, when it is all that git sees.
fn refuse_a_dirty_tree(root: &Path) -> Result<()> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["status", "--porcelain"])
        .output()
        .context("run git to see whether files have changed (--allow-dirty does not ask)")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let reason = "see whether files have changed (--allow-dirty does not ask)";
        return Err(Usage::new(format!("{reason}: {}", said.trim())).into());
    }
    let status = String::from_utf8_lossy(&output.stdout);
    let mut changed = status.lines().map(|line| line.get(3..).unwrap_or(line));
    let named: Vec<&str> = changed.by_ref().take(NAMED_FILES).collect();
    if named.is_empty() {
        return Ok(());
    }
    let more = match changed.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let reason = "write beside changes that are not committed (--allow-dirty does)";
    Err(Usage::new(format!("{reason}: {}{more}", named.join(", "))).into())
}
