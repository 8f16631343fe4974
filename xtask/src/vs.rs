//! The worker of another git revision, built in a work tree of its own.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::commands::bench::say_unless;
use crate::exit::Usage;
use crate::provenance::resolve_revision;
use crate::worker::Worker;
use crate::workspace;

/// Builds the worker of `revision` and returns the revision's short name with it. The work tree stays
/// under `target`, so that a second run need not build everything again.
pub(crate) fn build(revision: &str, quiet: bool) -> Result<(String, Worker)> {
    let root = workspace::root();
    let commit = resolve_revision(revision, &root)
        .ok_or_else(|| Usage::new(format!("find git revision `{revision}`")))?;
    let short: String = commit.chars().take(10).collect();
    let tree = root.join("target/paceline/revisions").join(&short);
    if !tree.join("Cargo.toml").is_file() {
        add_work_tree(&tree, &commit)?;
    }
    say_unless(quiet, &format!("building the worker of {revision} ({short})"));
    // A target folder of its own, whatever the environment says: both workers have the same name.
    let target = tree.join("target");
    Ok((short, Worker::build_in(&tree, &["--target-dir".as_ref(), target.as_ref()])?))
}

fn add_work_tree(tree: &Path, commit: &str) -> Result<()> {
    // A folder that was removed by hand is still in git's list; forcing takes it over.
    let output = Command::new("git")
        .current_dir(workspace::root())
        .args(["worktree", "add", "--force", "--detach"])
        .arg(tree)
        .arg(commit)
        .stdin(Stdio::null())
        .output()
        .context("run git")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "make a work tree of {commit}: {}", said.trim());
    Ok(())
}
