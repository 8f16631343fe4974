//! The environment in which the user called `cargo xtask`.
//!
//! `cargo run` and rustup set variables for what they start. Programs of items, and whatever else is the
//! user's, belong in the user's own environment. So this module removes these variables where it can
//! recognise that cargo or rustup set them. `docs/commands.md` lists the differences that remain.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Gives `command` the environment in which the user called `cargo xtask`.
pub fn restore(command: &mut Command) {
    let changes = Started::by_cargo().map(|started| started.changes()).unwrap_or_default();
    for (name, value) in changes {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
}

/// The folder of this package's manifest, if cargo started this executable and so set the variable.
pub fn manifest_folder() -> Option<PathBuf> {
    Started::by_cargo()?.vars.get(OsStr::new("CARGO_MANIFEST_DIR")).map(PathBuf::from)
}

/// Whether cargo sets this variable for a package that it builds or runs.
pub fn is_of_a_package(variable: &OsStr) -> bool {
    variable
        .to_str()
        .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
}

/// The system's variable for folders with shared libraries. Cargo adds folders to it.
const LIBRARY_PATH: &str = if cfg!(windows) {
    "PATH"
} else if cfg!(target_os = "macos") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// An executable that cargo has started, in the environment that cargo and rustup made for it.
struct Started {
    vars: BTreeMap<OsString, OsString>,
    /// Where the executable is.
    folder: PathBuf,
    /// Its name, which equals that of its package.
    name: OsString,
}

impl Started {
    /// This process; `None` if cargo did not start it.
    fn by_cargo() -> Option<Self> {
        let executable = env::current_exe().ok()?;
        let (folder, own) = (executable.parent()?.to_owned(), executable.file_stem()?.to_owned());
        // Windows treats `Path` and `PATH` as the same name.
        let name = |name: OsString| if cfg!(windows) { name.to_ascii_uppercase() } else { name };
        let vars = env::vars_os().map(|(variable, value)| (name(variable), value)).collect();
        Some(Self { vars, folder: real(&folder), name: own }).filter(Self::is_by_cargo)
    }

    /// A shell that cargo started passes on the variables of another package. Only a process that cargo itself
    /// starts finds its own folder among the library folders.
    fn is_by_cargo(&self) -> bool {
        self.var("CARGO_PKG_NAME").is_some_and(|name| name == self.name)
            && self.library_folders().iter().any(|folder| real(folder) == self.folder)
    }

    fn var(&self, name: &str) -> Option<&OsStr> {
        self.vars.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    fn library_folders(&self) -> Vec<PathBuf> {
        self.var(LIBRARY_PATH).map(|path| env::split_paths(path).collect()).unwrap_or_default()
    }

    /// The variables to change, with their former values; `None` for a variable that was not set.
    fn changes(&self) -> Vec<(OsString, Option<OsString>)> {
        let of_cargo = self.vars.keys().filter(|name| *name == "CARGO" || is_of_a_package(name));
        let mut changes: Vec<_> = of_cargo.map(|name| (name.clone(), None)).collect();
        let mut change = |name: &str, value| changes.push((OsString::from(name), value));
        if let Some(value) = self.library_path_before() {
            change(LIBRARY_PATH, value);
        }
        let Some(depth) = self.depth() else { return changes };
        let depth = Some(depth - 1).filter(|depth| *depth > 0);
        change(DEPTH, depth.map(|depth| depth.to_string().into()));
        // Rustup notes here where it took the toolchain from. `env` stands for a variable that the user set.
        if self.var(TOOLCHAIN_SOURCE).is_none_or(|source| source != "env") {
            change("RUSTUP_TOOLCHAIN", None);
        }
        change(TOOLCHAIN_SOURCE, None);
        // Rustup and cargo use the same folders when these are absent.
        let home = self.var("HOME").map(Path::new);
        for (name, default) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            let is_default = |home: &Path| self.var(name) == Some(home.join(default).as_os_str());
            if home.is_some_and(is_default) {
                change(name, None);
            }
        }
        changes
    }

    /// How many of rustup's programs stand above this process; `None` without rustup.
    fn depth(&self) -> Option<u32> {
        self.var(DEPTH)?.to_str()?.parse().ok().filter(|depth| *depth > 0)
    }

    /// The toolchain that rustup has chosen; `None` without rustup.
    fn toolchain(&self) -> Option<PathBuf> {
        self.depth()?;
        let toolchains = Path::new(self.var("RUSTUP_HOME")?).join("toolchains");
        // If the toolchain is named by an absolute path, `join` keeps that path alone.
        Some(toolchains.join(self.var("RUSTUP_TOOLCHAIN")?))
    }

    /// The library path without the folders that cargo and rustup put in front, if it can be written.
    fn library_path_before(&self) -> Option<Option<OsString>> {
        // Cargo adds the target's libraries, rustup those of the compiler. The two can belong to different
        // toolchains: a toolchain without a cargo borrows another one's.
        let of_cargo = self.var("CARGO").map(Path::new).and_then(|cargo| cargo.parent()?.parent());
        let of_cargo = of_cargo.map(|toolchain| toolchain.join("lib/rustlib"));
        let libraries = [of_cargo, self.toolchain().map(|toolchain| toolchain.join("lib"))];
        let is_added = |folder: &PathBuf| {
            real(folder).starts_with(&self.folder)
                || libraries.iter().flatten().any(|libraries| folder.starts_with(libraries))
        };
        // Each folder is added once, so a second occurrence is the user's.
        let mut added = BTreeSet::new();
        let folders = self.library_folders().into_iter();
        let before = folders.skip_while(|folder| is_added(folder) && added.insert(folder.clone()));
        let before: Vec<PathBuf> = before.collect();
        if before.is_empty() || self.are_defaults(&before) {
            return Some(None);
        }
        env::join_paths(before).ok().map(Some)
    }

    /// Whether these are the folders that macOS uses when the variable is not set. Cargo then adds them.
    fn are_defaults(&self, folders: &[PathBuf]) -> bool {
        let home = self.var("HOME").map(|home| Path::new(home).join("lib"));
        let system = ["/usr/local/lib", "/usr/lib"].map(PathBuf::from);
        cfg!(target_os = "macos") && home.into_iter().chain(system).eq(folders.iter().cloned())
    }
}

/// In this variable rustup counts how deeply its programs are nested.
const DEPTH: &str = "RUST_RECURSION_COUNT";
const TOOLCHAIN_SOURCE: &str = "RUSTUP_TOOLCHAIN_SOURCE";

/// The folder at `path`, with links resolved.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// What rustup's `cargo run` makes of an environment with the variables and library folders `own`.
    fn started(own: &[(&str, &str)], library_path: &str) -> Started {
        let home = own.iter().find(|(name, _)| *name == "RUSTUP_HOME");
        let home = home.map_or("/home/me/.rustup", |(_, home)| *home);
        let toolchain = format!("{home}/toolchains/stable");
        let path = format!(
            "/w/target/debug:/w/target/debug/deps:{toolchain}/lib/rustlib/host/lib:{toolchain}/lib{library_path}"
        );
        let cargo = format!("{toolchain}/bin/cargo");
        let set = [
            ("HOME", "/home/me"),
            ("CARGO", &cargo),
            ("CARGO_HOME", "/home/me/.cargo"),
            ("CARGO_MANIFEST_DIR", "/w/xtask"),
            ("CARGO_PKG_NAME", "xtask"),
            ("LD_LIBRARY_PATH", &path),
            ("RUSTUP_HOME", "/home/me/.rustup"),
            ("RUSTUP_TOOLCHAIN", "stable"),
            ("RUSTUP_TOOLCHAIN_SOURCE", "default"),
            ("RUST_RECURSION_COUNT", "1"),
        ];
        let vars = set.iter().chain(own).map(|(name, value)| (name.into(), value.into()));
        Started {
            vars: vars.collect(),
            folder: PathBuf::from("/w/target/debug"),
            name: "xtask".into(),
        }
    }

    /// The variables after the changes, but for `HOME`.
    fn restored(mut started: Started) -> Vec<String> {
        for (name, value) in started.changes() {
            match value {
                Some(value) => started.vars.insert(name, value),
                None => started.vars.remove(&name),
            };
        }
        started.vars.remove(OsStr::new("HOME"));
        let shown = |(name, value): (&OsString, &OsString)| {
            format!("{}={}", name.display(), value.display())
        };
        started.vars.iter().map(shown).collect()
    }

    #[test]
    fn what_cargo_and_rustup_have_added_is_taken_out_and_nothing_else() {
        let own = [("CARGO_TARGET_DIR", "/t"), ("RUSTFLAGS", "-O"), ("TMPDIR", "/tmp/x")];
        let left = ["CARGO_TARGET_DIR=/t", "RUSTFLAGS=-O", "TMPDIR=/tmp/x"];
        assert_eq!(restored(started(&own, "")), left);
    }

    #[test]
    fn library_folders_of_the_users_own_stay_in_their_order() {
        let own = ":/opt/b:/w/target/debug:/opt/a";
        assert_eq!(restored(started(&[], own)), [format!("LD_LIBRARY_PATH={}", &own[1..])]);
        let doubled = ":/home/me/.rustup/toolchains/stable/lib";
        assert_eq!(restored(started(&[], doubled)), [format!("LD_LIBRARY_PATH={}", &doubled[1..])]);
    }

    #[test]
    fn libraries_of_a_toolchain_that_borrows_its_cargo_are_taken_out_too() {
        let own = [("CARGO", "/home/me/.rustup/toolchains/other/bin/cargo")];
        assert_eq!(restored(started(&own, "")), [""; 0]);
    }

    #[test]
    fn a_toolchain_and_homes_of_the_users_own_stay() {
        let own = [
            ("CARGO_HOME", "/c"),
            ("RUSTUP_HOME", "/r"),
            ("RUSTUP_TOOLCHAIN_SOURCE", "env"),
            ("RUST_RECURSION_COUNT", "2"),
        ];
        let left = [
            "CARGO_HOME=/c",
            "RUSTUP_HOME=/r",
            "RUSTUP_TOOLCHAIN=stable",
            "RUST_RECURSION_COUNT=1",
        ];
        assert_eq!(restored(started(&own, "")), left);
    }

    #[test]
    fn without_rustup_its_variables_are_the_users() {
        let mut started = started(&[], "");
        started.vars.remove(OsStr::new("RUST_RECURSION_COUNT"));
        let left = restored(started).join(" ");
        let kept = "LD_LIBRARY_PATH=/home/me/.rustup/toolchains/stable/lib RUSTUP_HOME=/home/me/.rustup RUSTUP_TOOLCHAIN=stable";
        assert!(left.contains(kept), "{left}");
    }

    #[test]
    fn variables_that_a_shell_has_from_another_package_or_checkout_tell_nothing() {
        assert!(started(&[], "").is_by_cargo());
        assert!(!started(&[("CARGO_PKG_NAME", "other")], "").is_by_cargo());
        let elsewhere = Started { folder: PathBuf::from("/v/target/debug"), ..started(&[], "") };
        assert!(!elsewhere.is_by_cargo());
    }
}
