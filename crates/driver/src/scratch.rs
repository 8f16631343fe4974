//! A git repository in a temporary folder, for unit tests.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::git;

pub(crate) struct Scratch(TempDir);

impl Scratch {
    pub(crate) fn new() -> Self {
        let scratch = Self(TempDir::new().expect("a temporary folder"));
        scratch.git(&["init", "-q"]);
        scratch
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, file: &str, content: &str) -> PathBuf {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        fs::write(&path, content).expect("a file");
        path
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut git = git::command(self.path());
        git.args(["-c", "user.name=test", "-c", "user.email=test@example.org"])
            .args(["-c", "commit.gpgsign=false"])
            .args(arguments);
        git::said(&mut git).expect("git succeeds")
    }

    /// Commits all that is there; returns the commit.
    pub(crate) fn commit(&self) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "test"]);
        self.git(&["rev-parse", "HEAD"])
    }
}

/// The tests of [`git`], whose file is included where these would be run again.
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_call_of_git_has_nothing_that_git_calls_local_to_a_repository() {
        let scratch = Scratch::new();
        let mut cleaned = Command::new("git");
        git::see_no_repository(&mut cleaned);
        let removed = |name: &str| cleaned.get_envs().any(|(key, to)| key == name && to.is_none());
        // These cannot name a repository.
        let stays = ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"];
        let local = scratch.git(&["rev-parse", "--local-env-vars"]);
        let left = local.lines().filter(|name| !stays.contains(name) && !removed(name));
        assert_eq!(left.collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[cfg(unix)]
    #[test]
    fn a_call_of_git_has_no_program_ask_for_a_password() {
        let scratch = Scratch::new();
        let question = scratch.write("question", "url=https://example.org\n\n");
        let mut fill = git::command(scratch.path());
        // This program would answer with the question.
        fill.args(["-c", "core.askPass=echo", "-c", "credential.helper=", "credential", "fill"])
            .stdin(fs::File::open(question).expect("it is there"));
        let refused = git::said(&mut fill).expect_err("nobody is asked");
        assert!(refused.contains("prompts disabled"), "{refused}");
    }

    #[cfg(unix)]
    #[test]
    fn a_call_of_git_runs_no_hook() {
        use std::os::unix::fs::PermissionsExt;

        let scratch = Scratch::new();
        let hook = scratch.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
        fs::set_permissions(hook, fs::Permissions::from_mode(0o755)).expect("it is ours");
        scratch.write("file", "");
        scratch.commit();
    }
}
