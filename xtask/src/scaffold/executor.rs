//! A crate with one executor.

use std::path::Path;

use anyhow::Result;
use paceline_core::Family;

use super::{Changes, Name, Scaffold, Step, fill, found, free_in, in_use, manifest, splice};

const MANIFEST: &str = include_str!("templates/executor-Cargo.toml.tmpl");
const CONFORMANCE: &str = include_str!("templates/executor-conformance.rs.tmpl");

/// What an executor is built on to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Threads of the standard library, which run blocking items
    Blocking,
    /// Tasks on tokio, which await asynchronous items
    Async,
}

impl Kind {
    fn family(self) -> Family {
        match self {
            Self::Blocking => Family::Threads,
            Self::Async => Family::Async,
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::Blocking => include_str!("templates/executor-blocking.rs.tmpl"),
            Self::Async => include_str!("templates/executor-async.rs.tmpl"),
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Blocking => "std threads, each taking the next task when it is free",
            Self::Async => {
                "tokio tasks on one thread, each taking the next of the work when it is free"
            }
        }
    }

    /// Lines of the manifest, beside `paceline-core`.
    fn dependencies(self) -> &'static str {
        match self {
            Self::Blocking => "",
            Self::Async => {
                "paceline-io = { workspace = true, features = [\"tokio\"] }\n\
                 tokio = { version = \"1.54\", features = [\"rt\"] }\n"
            }
        }
    }

    /// What of this workspace its crate depends on, for the table of crates.
    fn row_of_dependencies(self) -> &'static str {
        match self {
            Self::Blocking => "paceline-core",
            Self::Async => "paceline-core, paceline-io",
        }
    }

    /// The id of an executor of this kind: the family's prefix, unless the name has it.
    fn id(self, name: &Name) -> String {
        match Family::of(name.as_str()) {
            Some(family) if family == self.family() => name.to_string(),
            _ => format!("{}-{name}", self.family().id_prefix()),
        }
    }
}

/// The changes of the checkout in `root` that make an executor called `name`.
///
/// # Errors
///
/// [`Usage`](paceline_driver::Usage) when the name is in use; another error when a file does not have the
/// place that it should be added at.
pub(crate) fn executor(root: &Path, name: &Name, kind: Kind) -> Result<Scaffold> {
    let id = kind.id(name);
    free(root, name, kind)?;
    // Called as its folder is: the prefix of the others says that they are Paceline's own.
    let package = format!("exec-{name}");
    let krate = format!("exec_{}", name.module());
    let type_name = name.type_name();
    let filled = |template: &str| {
        fill(
            template,
            &[
                ("about", kind.about()),
                ("crate", &krate),
                ("dependencies", kind.dependencies()),
                ("id", &id),
                ("package", &package),
                ("type", &type_name),
            ],
        )
    };
    let folder = format!("crates/exec-{name}");
    let mut changes = Changes::of(root);
    changes.create(format!("{folder}/Cargo.toml"), filled(MANIFEST))?;
    changes.create(format!("{folder}/src/lib.rs"), filled(kind.template()))?;
    changes.create(format!("{folder}/tests/conformance.rs"), filled(CONFORMANCE))?;
    let row = format!(
        "| {package} | {folder} | the strategy of that name | {} |",
        kind.row_of_dependencies()
    );
    join(&mut changes, &folder, &package, &format!("{krate}::{type_name}"), &row)?;
    let bench = "cargo xtask bench --matrix engines --scale smoke --only";
    let next = vec![
        Step::new(format!("cargo test -p {package}"), "what every executor promises"),
        Step::new(format!("{bench} {id}"), "its own rows"),
        Step::new(format!("{bench} io"), "its rows beside those of all others: items that wait"),
        Step::new(format!("{bench} cpu"), "the same for items that compute"),
    ];
    Ok(Scaffold { changes, new: vec![folder], next })
}

/// Makes the crate one of the workspace's and its executor one of the worker's.
fn join(
    changes: &mut Changes,
    folder: &str,
    package: &str,
    executor: &str,
    row: &str,
) -> Result<()> {
    changes.edit("Cargo.toml", |text| manifest::with_member(text, package, folder))?;
    changes.edit("crates/worker/Cargo.toml", |text| manifest::with_dependency(text, package))?;
    changes.edit("crates/worker/src/registry.rs", |text| {
        splice::above(text, "fn executors(", "]", &format!("        Box::new({executor}),"))
    })?;
    changes.edit("ARCHITECTURE.md", |text| {
        let text = splice::under_last_row(text, "| paceline-exec-", row)?;
        splice::into_row(&text, "| paceline-worker |", "paceline-exec-", package)
    })
}

/// Refuses a name under which something is known already.
fn free(root: &Path, name: &Name, kind: Kind) -> Result<()> {
    if root.join(format!("crates/exec-{name}")).exists() {
        return Err(in_use(name, &format!("crates/exec-{name} is there already")));
    }
    found::refuse(root, name)?;
    free_in(kind.template(), name)
}
