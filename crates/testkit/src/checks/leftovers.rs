//! What stays behind when the lanes are gone.
//!
//! An engine may keep something for the whole process from its first use on (a timer thread, an event
//! queue). That is no leftover of the lanes: so the first time is not looked at, only later ones.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use paceline_core::Executor;

use super::{FOLDER_PREFIX, spec};
use crate::process;
use crate::subject::{Shape, Subject};
use crate::verdict::{Breach, Verdict};

pub(crate) fn no_thread_stays_behind(subject: &Subject) -> Result<Verdict, Breach> {
    nothing_stays(subject, "thread", process::threads, new_ones)
}

pub(crate) fn no_child_stays_behind(subject: &Subject) -> Result<Verdict, Breach> {
    process::adopt_orphans();
    nothing_stays(subject, "child process", process::children, new_ones)
}

/// Descriptors are counted: the number of one that was closed is given again.
pub(crate) fn no_descriptor_stays_behind(subject: &Subject) -> Result<Verdict, Breach> {
    let more =
        |before: &BTreeSet<u32>, after: &BTreeSet<u32>| after.len().saturating_sub(before.len());
    nothing_stays(subject, "file descriptor", process::descriptors, more)
}

/// The folder belongs to every process of the machine. So a file there counts only if it was not there before
/// this process ran a check, if each of five times leaves one, or writes one anew, and if these stay: no
/// other process is that regular.
pub(crate) fn no_temporary_file_stays_behind(subject: &Subject) -> Result<Verdict, Breach> {
    let (executor, deadline) = (subject.executor(), subject.leftover_deadline());
    subject.watched(move || {
        let mut left = Vec::new();
        for end in [End::Shutdown, End::Drop, End::Shutdown, End::Drop, End::Shutdown] {
            let before = temporary_files()?;
            // The clock of file systems stands still for some milliseconds.
            thread::sleep(Duration::from_millis(15));
            start_and_end(executor, end)?;
            let new =
                temporary_files()?.difference(&before).map(|(name, _)| name.clone()).collect();
            left.push(new);
        }
        stays(&left, deadline)
    })
}

/// Whether of each of the times in `left` a file is there when the deadline has passed.
fn stays(left: &[BTreeSet<OsString>], deadline: Duration) -> Result<Verdict, Breach> {
    let begun = Instant::now();
    loop {
        let there = names()?;
        let still = left.iter().map(|of_time| of_time.intersection(&there).next());
        let Some(files) = still.collect::<Option<BTreeSet<&OsString>>>() else {
            return Ok(Verdict::Kept);
        };
        if begun.elapsed() >= deadline {
            let files = files.iter().map(|file| format!("`{}` was left", file.display()));
            return Breach::unless_none(files.collect());
        }
        thread::sleep(Duration::from_millis(20));
    }
}

type Look = fn() -> Option<BTreeSet<u32>>;
type Excess = fn(&BTreeSet<u32>, &BTreeSet<u32>) -> usize;

/// Lanes that are only dropped must go as well as those that are shut down.
fn nothing_stays(
    subject: &Subject,
    what: &'static str,
    look: Look,
    excess: Excess,
) -> Result<Verdict, Breach> {
    let (executor, deadline) = (subject.executor(), subject.leftover_deadline());
    subject.watched(move || {
        start_and_end(executor, End::Shutdown)?;
        let Some(before) = look() else { return Ok(WITHOUT_PROC) };
        start_and_end(executor, End::Shutdown)?;
        start_and_end(executor, End::Drop)?;
        let begun = Instant::now();
        loop {
            let Some(after) = look() else { return Ok(WITHOUT_PROC) };
            match excess(&before, &after) {
                0 => return Ok(Verdict::Kept),
                // Some engines end their threads on their own time and let nobody wait for it.
                _ if begun.elapsed() < deadline => thread::sleep(Duration::from_millis(5)),
                left => return Err(Breach::Seen(format!("left behind: {left} x {what}"))),
            }
        }
    })
}

const WITHOUT_PROC: Verdict = Verdict::Skipped("it is looked at in /proc, which is not here");

fn new_ones(before: &BTreeSet<u32>, after: &BTreeSet<u32>) -> usize {
    after.difference(before).count()
}

#[derive(Clone, Copy)]
enum End {
    Shutdown,
    Drop,
}

fn start_and_end(executor: &dyn Executor, end: End) -> Result<(), Breach> {
    let (spec, shape) = (spec("plain", 4), Shape::new(2, 1));
    let job = shape.job(&spec)?;
    let mut lanes = shape.start(executor, &spec, &job)?;
    lanes.run(&job)?;
    match end {
        End::Shutdown => lanes.shutdown()?,
        End::Drop => drop(lanes),
    }
    Ok(())
}

/// Keeps the names of the temporary files that were there before any check of this process: what another
/// program writes to, such as a log, is no leftover.
pub(crate) fn note_what_is_there() {
    THERE_BEFORE.get_or_init(|| names().unwrap_or_default());
}

static THERE_BEFORE: OnceLock<BTreeSet<OsString>> = OnceLock::new();

fn names() -> io::Result<BTreeSet<OsString>> {
    fs::read_dir(env::temp_dir())?.map(|entry| Ok(entry?.file_name())).collect()
}

/// The temporary files that came since the first check, with the time of their last change; for a folder,
/// whose time changes with whatever another program does in it, without.
fn temporary_files() -> Result<BTreeSet<(OsString, Option<SystemTime>)>, Breach> {
    let before = THERE_BEFORE.get();
    let is_new = |name: &OsString| {
        let of_a_check = name.to_string_lossy().starts_with(FOLDER_PREFIX);
        !of_a_check && before.is_none_or(|before| !before.contains(name))
    };
    let changed = |name: &OsString| {
        let file = fs::symlink_metadata(env::temp_dir().join(name)).ok()?;
        file.is_file().then(|| file.modified().ok())?
    };
    let names = names()?.into_iter().filter(is_new);
    Ok(names.map(|name| (name.clone(), changed(&name))).collect())
}
