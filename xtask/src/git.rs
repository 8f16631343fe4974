//! Calls of git: the one place that makes them. Tests of the command line include this file too.

use std::path::Path;
use std::process::{Command, Stdio};

/// What git itself calls local to a repository, and what else says where one is or what is in it. A hook
/// has some of these, and a call with them would read and write what the hook's git is working on.
/// `GIT_CONFIG_COUNT` and `GIT_CONFIG_PARAMETERS` stay: they cannot name a repository, and a machine may
/// declare by them which folders are safe.
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

/// A call of git in `folder` that sees the repository around that folder and no other. It runs no hook,
/// asks the user nothing, and does not write to the index only to be faster the next time.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    see_no_repository(&mut command)
        .current_dir(folder)
        .arg("--no-optional-locks")
        // Nothing can be inside of a device; an empty path would make git look in the root folder.
        .args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"])
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null());
    command
}

/// Has `command`, and the git that it may call, look for a repository around its folder.
pub(crate) fn see_no_repository(command: &mut Command) -> &mut Command {
    for variable in OF_A_REPOSITORY {
        command.env_remove(variable);
    }
    command
}

/// What `git` writes, without the end of its last line.
///
/// # Errors
///
/// In git's own words, when it fails or is not there.
pub(crate) fn said(git: &mut Command) -> Result<String, String> {
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
