//! `cargo xtask new` from the outside, in a copy of the files that it touches.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use paceline_driver::git;

/// What the command reads or edits.
const FILES: [&str; 6] = [
    "ARCHITECTURE.md",
    "Cargo.lock",
    "Cargo.toml",
    "rustfmt.toml",
    "crates/worker",
    "fixtures/matrices",
];

/// The parts of the repository that matter here, committed in a repository of their own.
struct Checkout(TempDir);

impl Checkout {
    fn new() -> Self {
        let origin = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
        let checkout = Self(TempDir::new().expect("a temporary folder"));
        let crates = fs::read_dir(origin.join("crates")).expect("readable");
        let crates = crates.map(|entry| entry.expect("readable").path());
        let read = crates.filter(|folder| {
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
            name.is_some_and(|name| name.starts_with("exec-") || name == "workloads")
        });
        for path in FILES.iter().map(|file| origin.join(file)).chain(read) {
            copy(&path, &checkout.path().join(path.strip_prefix(origin).expect("within")));
        }
        fs::create_dir(checkout.path().join("xtask")).expect("a folder");
        checkout.git(&["init", "-q"]);
        checkout.commit();
        checkout
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut git = git::command(self.path());
        git.args(["-c", "user.name=test", "-c", "user.email=test@example.org"])
            .args(["-c", "commit.gpgsign=false"])
            .args(arguments);
        git::said(&mut git).expect("git succeeds")
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "test"]);
    }

    /// The tree that git would commit: equal exactly when all files are.
    fn tree(&self) -> String {
        self.git(&["add", "-A"]);
        self.git(&["write-tree"])
    }

    fn new_command(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary can be run")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("new").args(arguments).current_dir(self.path());
        // As cargo sets it for the command line that belongs to a checkout.
        command.env("CARGO_MANIFEST_DIR", self.path().join("xtask"));
        command
    }

    /// What it says when it does what it is asked.
    fn made(&self, arguments: &[&str]) -> String {
        let output = self.new_command(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Why it refuses, which changes nothing.
    fn refused(&self, arguments: &[&str]) -> String {
        let before = self.tree();
        let output = self.new_command(arguments);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
        assert_eq!(self.tree(), before);
        text(&output.stderr)
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).expect("readable") {
            let entry = entry.expect("readable");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(from, to).expect("a copy");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_dirty_tree_is_refused_unless_that_is_allowed() {
    let checkout = Checkout::new();
    for (what, name, notes) in [("executor", "relay", "a"), ("workload", "collatz", "b")] {
        fs::write(checkout.path().join(notes), "mine").expect("written");
        let reason = checkout.refused(&[what, name]);
        let wanted = format!("(--allow-dirty does): {notes}\n");
        assert!(reason.ends_with(&wanted), "{reason}");
        let told = checkout.made(&[what, name, "--allow-dirty"]);
        assert!(told.contains("wrote") && told.contains("cargo xtask bench"), "{told}");
        checkout.commit();
    }
    assert!(checkout.path().join("crates/exec-relay/src/lib.rs").is_file());
    assert!(checkout.path().join("crates/workloads/src/collatz.rs").is_file());
}

#[test]
fn where_git_cannot_tell_whether_the_tree_is_dirty_nothing_is_written() {
    let checkout = Checkout::new();
    let refused = |command: &mut Command| {
        let output = command.output().expect("the binary can be run");
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
        assert!(text(&output.stderr).contains("(--allow-dirty does not ask)"));
        assert!(!checkout.path().join("crates/exec-relay").exists());
    };
    // Where there is no git at all, and where the checkout is none of git's.
    refused(checkout.command(&["executor", "relay"]).env("PATH", checkout.path()));
    fs::remove_dir_all(checkout.path().join(".git")).expect("removed");
    refused(&mut checkout.command(&["executor", "relay"]));
}

/// As in a hook of another repository, where git sets variables that say where it is.
#[test]
fn what_the_environment_says_of_another_repository_is_not_taken_for_the_checkout() {
    let checkout = Checkout::new();
    let elsewhere = TempDir::new().expect("a temporary folder");
    let output = checkout
        .command(&["executor", "relay"])
        .env("GIT_DIR", elsewhere.path())
        .env("GIT_INDEX_FILE", elsewhere.path().join("index"))
        .output()
        .expect("the binary can be run");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn a_bad_name_and_one_in_use_are_refused() {
    let checkout = Checkout::new();
    for (arguments, reason) in [
        (["executor", "Relay"], "`Relay` is no name for a crate"),
        (["executor", "re--lay"], "a dash that stands between nothing"),
        (["executor", "procs"], "crates/exec-procs is there already"),
        (["executor", "rayon"], "`--only rayon` would find the rows of executor `threads-rayon`"),
        (["executor", "heavy"], "rows such as `Sequential IO heavy processing`"),
        (["workload", "noop"], "a module `noop`"),
        (["workload", "match"], "Rust keeps that word"),
    ] {
        let refused = checkout.refused(&arguments);
        assert!(refused.contains(reason), "{refused}");
    }
    checkout.made(&["executor", "relay"]);
    checkout.commit();
    let again = checkout.refused(&["executor", "relay", "--kind", "async"]);
    assert!(again.contains("crates/exec-relay is there already"), "{again}");
    // What was made is known from then on.
    for arguments in [["executor", "lay"], ["workload", "relay"]] {
        let refused = checkout.refused(&arguments);
        assert!(refused.contains("would find the rows of executor `threads-relay`"), "{refused}");
    }
}

#[test]
fn a_dry_run_writes_nothing_and_shows_the_patch_that_makes_the_same() {
    for arguments in [
        &["executor", "relay"][..],
        &["executor", "relay", "--kind", "async"],
        &["workload", "relay"],
    ] {
        let checkout = Checkout::new();
        let before = checkout.tree();
        let patch = checkout.made(&[arguments, &["--dry-run"]].concat());
        assert_eq!(checkout.tree(), before);
        checkout.made(arguments);
        let made = checkout.tree();
        assert_ne!(made, before);
        checkout.git(&["reset", "-q", "--hard"]);
        let file = checkout.path().join(".git/dry-run.patch");
        fs::write(&file, patch).expect("written");
        checkout.git(&["apply", ".git/dry-run.patch"]);
        assert_eq!(checkout.tree(), made);
    }
}

/// The commands that are told below a line that begins with `heading`.
fn commands_below<'a>(told: &'a str, heading: &str) -> Vec<&'a str> {
    let below = told.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    below.map_while(|line| line.strip_prefix("  ")).collect()
}

#[test]
fn what_was_made_is_taken_back_by_the_commands_that_are_told_with_it() {
    for what in ["executor", "workload"] {
        let checkout = Checkout::new();
        let before = checkout.tree();
        let told = checkout.made(&[what, "relay"]);
        assert_ne!(checkout.tree(), before);
        if what == "executor" {
            // The next command of cargo puts the crate there.
            let lock = checkout.path().join("Cargo.lock");
            let text = fs::read_to_string(&lock).expect("readable");
            fs::write(&lock, format!("{text}\n# exec-relay\n")).expect("written");
        }
        // Looking at the tree has put everything into git's index, which a user has not.
        checkout.git(&["reset", "-q"]);
        let commands = commands_below(&told, "To take it back");
        assert_eq!(commands.len(), 2, "{told}");
        for command in commands {
            let ended = git::see_no_repository(&mut Command::new("sh"))
                .args(["-c", command])
                .current_dir(checkout.path())
                .status();
            assert!(ended.expect("there is a shell").success(), "{command}");
        }
        assert_eq!(checkout.tree(), before);
    }
}

#[test]
fn a_file_with_changes_of_the_users_own_is_not_to_be_restored() {
    let checkout = Checkout::new();
    let manifest = checkout.path().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("readable");
    fs::write(&manifest, format!("{text}\n# mine\n")).expect("written");
    let told = checkout.made(&["executor", "relay", "--allow-dirty"]);
    let restored = commands_below(&told, "To take it back")[1];
    assert!(restored.contains("crates/worker/Cargo.toml"), "{told}");
    assert!(!restored.contains(" Cargo.toml"), "{told}");
    assert!(told.ends_with("and by hand, beside changes of yours, in Cargo.toml\n"), "{told}");
}

#[test]
fn what_is_written_is_formatted_whatever_the_length_of_the_name() {
    for name in ["x", "a-name-of-twenty-4-bytes"] {
        let checkout = Checkout::new();
        let [other, workload] = ["z", "j"].map(|letter| format!("{letter}{}", &name[1..]));
        checkout.made(&["executor", name]);
        checkout.made(&["executor", &other, "--kind", "async", "--allow-dirty"]);
        checkout.made(&["workload", &workload, "--allow-dirty"]);
        let mut files: Vec<PathBuf> = vec![
            "crates/worker/src/registry.rs".into(),
            "crates/workloads/src/registry.rs".into(),
            "crates/workloads/tests/contract.rs".into(),
            format!("crates/workloads/src/{}.rs", workload.replace('-', "_")).into(),
        ];
        for name in [name, &other] {
            files.push(format!("crates/exec-{name}/src/lib.rs").into());
            files.push(format!("crates/exec-{name}/tests/conformance.rs").into());
        }
        let output = Command::new("rustfmt")
            .args(["--check", "--edition", "2024"])
            .args(files)
            .current_dir(checkout.path())
            .output()
            .expect("rustfmt can be run");
        assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    }
}
