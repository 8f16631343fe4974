//! Another git revision, and its worker, built from files of its own.

mod settings;
mod tree;

use std::path::Path;

use anyhow::{Context, Result};

use crate::usage::Usage;
use crate::worker::Worker;
use crate::{git, workspace};

use tree::Tree;

/// A revision of the repository around the checkout.
#[derive(Debug, Clone)]
pub struct Revision {
    /// As the user typed it.
    typed: String,
    commit: String,
}

impl Revision {
    /// Characters of a commit's name that tell it from all others.
    const SHORT: usize = 10;

    /// Looks `typed` up. Nothing is built for it.
    ///
    /// # Errors
    ///
    /// When git knows no such revision, in git's own words.
    pub fn find(typed: &str) -> Result<Self, Usage> {
        let commit = commit(typed, &workspace::root())?;
        Ok(Self { typed: typed.to_owned(), commit })
    }

    /// The short name by which its rows are known.
    #[must_use]
    pub fn short(&self) -> &str {
        self.commit.get(..Self::SHORT).unwrap_or(&self.commit)
    }

    /// Builds its worker. The files and their build stay in the user's cache, so that a second run need not
    /// build everything again.
    ///
    /// # Errors
    ///
    /// When it cannot be built, or speaks another version of the messages.
    pub fn build(&self, tell: &(dyn Fn(&str) + Sync)) -> Result<Worker> {
        let checkout = workspace::root();
        let name = format!("{} ({})", self.typed, self.short());
        let context = || format!("compare with {name}");
        let tree = Tree::of(&self.commit, &checkout, &workspace::revisions()?, tell);
        let tree = tree.with_context(context)?;
        let place = workspace::shown(&tree.checkout);
        tell(&format!("building the worker of {name} in {place}"));
        let worker = Worker::build_apart(&tree.checkout, &tree.target).with_context(context)?;
        let format = worker.check_format();
        format.map_err(|error| Usage::new(format!("{}: {error:#}", context())))?;
        Ok(worker)
    }
}

/// The commit that a revision stands for in the repository around `checkout`.
fn commit(revision: &str, checkout: &Path) -> Result<String, Usage> {
    let commit = format!("{revision}^{{commit}}");
    let found = git::said(git::command(checkout).args(["rev-parse", "--verify", &commit]));
    found.map_err(|why| Usage::new(format!("find git revision `{revision}`: {why}")))
}
