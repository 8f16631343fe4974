//! The worker of another git revision, built from files of its own.

mod settings;
mod tree;

use std::path::Path;

use anyhow::{Context, Result};

use crate::usage::Usage;
use crate::worker::Worker;
use crate::{git, workspace};

use tree::Tree;

/// Builds the worker of `revision` and returns the revision's short name with it. Its files and what was
/// compiled of them stay in the user's cache, so that a second run need not build everything again.
pub fn build(revision: &str, tell: &mut dyn FnMut(&str)) -> Result<(String, Worker)> {
    let checkout = workspace::root();
    let commit = commit(revision, &checkout)?;
    let short: String = commit.chars().take(10).collect();
    let context = || format!("compare with {revision} ({short})");
    let tree = Tree::of(&commit, &checkout, &workspace::revisions()?).with_context(context)?;
    let place = workspace::shown(&tree.checkout);
    tell(&format!("building the worker of {revision} ({short}) in {place}"));
    let worker = Worker::build_apart(&tree.checkout, &tree.target).with_context(context)?;
    let format = worker.check_format();
    format.map_err(|error| Usage::new(format!("{}: {error:#}", context())))?;
    Ok((short, worker))
}

/// The commit that a revision stands for in the repository around `checkout`.
fn commit(revision: &str, checkout: &Path) -> Result<String, Usage> {
    let commit = format!("{revision}^{{commit}}");
    let found = git::said(git::command(checkout).args(["rev-parse", "--verify", &commit]));
    found.map_err(|why| Usage::new(format!("find git revision `{revision}`: {why}")))
}
