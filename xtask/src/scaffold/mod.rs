//! `cargo xtask new`: a working executor or workload, as the changes of a checkout that make it.
//!
//! ```text
//! name -> is it free? -> changes (templates filled, lists spliced) -> a patch, or files
//! ```
//!
//! Invariants:
//!
//! - **All or nothing.** Every new text is computed before the first file is written, so whatever can be
//!   refused is refused with nothing changed; a write that fails takes back those before it.
//! - **What is written works as it stands**: it compiles, is formatted, passes the suite that it is held
//!   to, and has rows. `checks/pages` checks this by following the pages in `docs`.
//! - **Files that people wrote keep every byte** but the lines added ([`manifest`], [`splice`]), and lists stay sorted.
//! - Templates are real files with `{{word}}` for what is filled in. The name is the only input.
//!
//! The modules, in reading order:

mod name;
mod found;
mod executor;
mod workload;
mod changes;
mod manifest;
mod splice;

use anyhow::Result;

pub(crate) use changes::Changes;
pub(crate) use executor::{Kind, executor};
pub(crate) use name::Name;
pub(crate) use workload::workload;

use paceline_driver::Usage;

/// What makes a new executor or workload, and what to do then.
#[derive(Debug)]
pub(crate) struct Scaffold {
    pub(crate) changes: Changes,
    /// The files and folders that are new, without what is in the folders.
    pub(crate) new: Vec<String>,
    /// Commands to go on with.
    pub(crate) next: Vec<Step>,
}

/// A command, and what it is for.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) command: String,
    pub(crate) what_for: &'static str,
}

impl Step {
    fn new(command: String, what_for: &'static str) -> Self {
        Self { command, what_for }
    }
}

/// `template` with every `{{word}}` replaced.
fn fill(template: &str, words: &[(&str, &str)]) -> String {
    words.iter().fold(template.to_owned(), |text, (word, value)| {
        text.replace(&format!("{{{{{word}}}}}"), value)
    })
}

/// Refuses a name whose type stands in the template as something else, as `job` would.
fn free_in(template: &str, name: &Name) -> Result<()> {
    let mut words = template.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let type_name = name.type_name();
    // The one type's name that is a word of the language.
    if type_name == "Self" || words.any(|word| word == type_name) {
        return Err(in_use(name, &format!("`{type_name}` is a name in the code around it")));
    }
    Ok(())
}

fn in_use(name: &Name, why: &str) -> anyhow::Error {
    Usage::new(format!("take the name `{name}`: {why}")).into()
}

#[cfg(test)]
mod tests;
