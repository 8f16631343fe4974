//! The worker of another git revision, built in a work tree of its own.

use std::path::Path;

use anyhow::{Result, anyhow};

use crate::commands::bench::say_unless;
use crate::exit::Usage;
use crate::worker::Worker;
use crate::{git, workspace};

/// Builds the worker of `revision` and returns the revision's short name with it. The work tree stays
/// under `target`, so that a second run need not build everything again.
pub(crate) fn build(revision: &str, quiet: bool) -> Result<(String, Worker)> {
    let root = workspace::root();
    let commit = commit(revision, &root)?;
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

/// The commit that a revision stands for in the repository around `checkout`.
fn commit(revision: &str, checkout: &Path) -> Result<String, Usage> {
    let commit = format!("{revision}^{{commit}}");
    let found = git::said(git::command(checkout).args(["rev-parse", "--verify", &commit]));
    found.map_err(|why| Usage::new(format!("find git revision `{revision}`: {why}")))
}

fn add_work_tree(tree: &Path, commit: &str) -> Result<()> {
    // A folder that was removed by hand is still in git's list; forcing takes it over.
    let mut git = git::command(&workspace::root());
    git.args(["worktree", "add", "--force", "--detach"]).arg(tree).arg(commit);
    let made = git::said(&mut git).map(drop);
    made.map_err(|why| anyhow!("make a work tree of {commit}: {why}"))
}
