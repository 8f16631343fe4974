//! The worker and the API's server, built once for all tests of this process.
//!
//! Every bench asks cargo to build them, and cargo needs a while even when nothing has changed. So a
//! script replaces cargo and says where they are.

#[cfg(unix)]
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, path::PathBuf, sync::LazyLock};

#[cfg(unix)]
use paceline_driver::{worker::build_binary, workspace};
#[cfg(unix)]
use serde_json::json;

/// What the binary under test runs for cargo.
#[cfg(unix)]
pub(crate) fn cargo() -> &'static Path {
    static SCRIPT: LazyLock<PathBuf> = LazyLock::new(built);
    &SCRIPT
}

/// Where a script cannot be run, every bench calls cargo itself.
#[cfg(not(unix))]
pub(crate) fn cargo() -> &'static str {
    env!("CARGO")
}

/// Builds both as a bench does, and writes the script.
#[cfg(unix)]
fn built() -> PathBuf {
    let said = |name: &str| {
        let path = build_binary(&workspace::root(), name, None).expect("it can be built");
        json!({"target": {"name": name}, "executable": path})
    };
    let [worker, server] = ["paceline-worker", "paceline-api-server"].map(said);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let unfinished = folder.join(format!("unfinished-{}", std::process::id()));
    let script = format!("#!/bin/sh\ncat <<'END'\n{worker}\n{server}\nEND\n");
    fs::write(&unfinished, script).expect("it is written");
    fs::set_permissions(&unfinished, fs::Permissions::from_mode(0o755)).expect("it can be run");
    // Renamed when it is whole, since another process of tests may be running it.
    let script = folder.join("stands-for-cargo");
    fs::rename(&unfinished, &script).expect("it has its place");
    script
}
