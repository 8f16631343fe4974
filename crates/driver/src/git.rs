//! The one place that calls git.

use std::path::Path;
use std::process::{Command, Stdio};

/// The variables that git calls local to a repository, and others that say where one is or what is in it. Git
/// sets some of them for a hook, and a call with them would read and write the hook's repository.
/// `GIT_CONFIG_COUNT` and `GIT_CONFIG_PARAMETERS` stay: they cannot name a repository, and a machine may use
/// them to declare which folders are safe.
const OF_A_REPOSITORY: [&str; 17] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ATTR_SOURCE",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// A call of git in `folder` that sees the repository around that folder and no other. It runs no hook and
/// asks the user nothing. It takes no optional lock, so it does not refresh the index.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    see_no_repository(&mut command)
        .current_dir(folder)
        .arg("--no-optional-locks")
        // A device contains no hooks. An empty path would make git look in the root folder.
        .args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"])
        .env("GIT_TERMINAL_PROMPT", "0")
        // No name of a program here stands before those of `core.askPass` and `SSH_ASKPASS`.
        .env("GIT_ASKPASS", "")
        .stdin(Stdio::null());
    command
}

/// Makes `command`, and any git that it calls, look for a repository around its own folder.
pub fn see_no_repository(command: &mut Command) -> &mut Command {
    for variable in OF_A_REPOSITORY {
        command.env_remove(variable);
    }
    command
}

/// What `git` writes, without the end of its last line.
///
/// # Errors
///
/// Git's own words when it fails, or the reason why it cannot be run.
pub fn said(git: &mut Command) -> Result<String, String> {
    let output = git.output().map_err(|error| format!("git cannot be run: {error}"))?;
    if output.status.success() {
        let text = String::from_utf8_lossy(&output.stdout);
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    match String::from_utf8_lossy(&output.stderr).trim() {
        "" => Err(format!("git ended with {}", output.status)),
        why => Err(why.to_owned()),
    }
}

/// The files of the checkout in `root` with uncommitted changes, named as git names them.
///
/// # Errors
///
/// As [`said`].
pub fn changed(root: &Path) -> Result<Vec<String>, String> {
    let ask = |arguments: &[&str]| said(command(root).args(arguments));
    // Git names files from the root of the repository, which may be a folder above the checkout.
    let above = ask(&["rev-parse", "--show-prefix"])?;
    let status = ask(&["status", "--porcelain", "--", "."])?;
    let name = |line: &str| {
        let path = line.get(3..).unwrap_or(line);
        path.strip_prefix(&above).filter(|rest| !rest.is_empty()).unwrap_or(path).to_owned()
    };
    Ok(status.lines().map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn changed_files_are_those_of_the_checkout_named_from_its_root() {
        let around = Scratch::new();
        around.write("notes", "");
        let manifest = around.write("paceline/Cargo.toml", "");
        let checkout = manifest.parent().expect("it is in a folder");
        assert_eq!(changed(checkout).expect("git can tell"), ["paceline/"], "all is new");

        around.commit();
        around.write("notes", "changed");
        around.write("paceline/Cargo.toml", "changed");
        assert_eq!(changed(checkout).expect("git can tell"), ["Cargo.toml"]);
    }
}
