//! A module with one workload, and a matrix with rows for it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{Changes, Name, Scaffold, Step, fill, found, free_in, in_use, splice};
use paceline_driver::Usage;

const MODULE: &str = include_str!("templates/workload.rs.tmpl");
const MATRIX: &str = include_str!("templates/workload-matrix.toml.tmpl");
const REGISTRY: &str = "crates/workloads/src/registry.rs";

/// The changes of the checkout in `root` that make a workload called `name`.
///
/// # Errors
///
/// [`Usage`] when the name is in use or no module can have it; another error when a file does not have
/// the place that it should be added at.
pub(crate) fn workload(root: &Path, name: &Name) -> Result<Scaffold> {
    free(root, name)?;
    let (module, type_name) = (name.module(), name.type_name());
    let filled = |template: &str| fill(template, &[("name", name.as_str()), ("type", &type_name)]);
    let mut changes = Changes::of(root);
    let source = format!("crates/workloads/src/{module}.rs");
    let matrix = format!("fixtures/matrices/{name}.toml");
    changes.create(source.clone(), filled(MODULE))?;
    changes.create(matrix.clone(), filled(MATRIX))?;
    register(&mut changes, name, &module)?;
    let test = "cargo test -p paceline-workloads --test contract".to_owned();
    let next = vec![
        Step::new(test, "what every workload owes"),
        Step::new(
            format!("cargo xtask bench --only {name} --scale smoke"),
            "its rows, on every executor",
        ),
    ];
    Ok(Scaffold { changes, new: vec![source, matrix], next })
}

/// Puts the workload into the table of the crate, and an example into the tests that hold every entry
/// of the table to what a workload owes.
fn register(changes: &mut Changes, name: &Name, module: &str) -> Result<()> {
    changes.edit("crates/workloads/src/lib.rs", |text| {
        let row = format!("//! | `{name}` | a number of hashes | one core |");
        let text = splice::under_last_row(text, "//! | `", &row)?;
        splice::above(&text, "mod registry;", "pub use registry::", &format!("mod {module};\n"))
    })?;
    changes.edit(REGISTRY, |text| {
        // By its whole path, since one called `build` would be imported with the function of that name.
        let entry = format!(
            "    Entry {{\n        name: \"{name}\",\n        \
             about: \"hashes again and again; parameters: items, repetitions\",\n        \
             seeded: true,\n        build: crate::{module}::build,\n    }},"
        );
        splice::above(text, "pub const WORKLOADS", "];", &entry)
    })?;
    changes.edit("crates/workloads/tests/contract.rs", |text| {
        let parameters = r#"spec.with("items", 10).with("repetitions", 3)"#;
        let example = format!("        \"{name}\" => ({parameters}, \"items\"),");
        splice::above(text, "match name {", "other =>", &example)
    })
}

/// Refuses a name under which something is known already, or which no module can have.
fn free(root: &Path, name: &Name) -> Result<()> {
    let taken = |why: &str| Err(in_use(name, why));
    let module = name.module();
    if name.is_keyword() {
        let reason = format!("name a module `{module}`: Rust keeps that word for itself");
        return Err(Usage::new(reason).into());
    }
    if module == "main" {
        return taken("cargo takes src/main.rs for a program");
    }
    let sources = root.join("crates/workloads/src");
    for path in [sources.join(&module), sources.join(format!("{module}.rs"))] {
        if path.exists() {
            return taken(&format!("crates/workloads has a module `{module}`"));
        }
    }
    let registry = fs::read_to_string(root.join(REGISTRY));
    let registry = registry.with_context(|| format!("read {REGISTRY}"))?;
    if registry.contains(&format!("name: \"{name}\"")) {
        return taken("there is a workload of that name");
    }
    if root.join(format!("fixtures/matrices/{name}.toml")).exists() {
        return taken("there is a matrix of that name");
    }
    found::refuse(root, name)?;
    free_in(MODULE, name)
}
