//! A workload whose items go wrong on command, in every way in which a process can.
//!
//! It is for executors whose lanes are processes: most of its faults take the process that runs the item
//! with them. Its signals need Unix; elsewhere such an item fails instead, and says so.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemError, ItemIndex, ItemResult, Param, SpecError, Workload,
    WorkloadSpec,
};

/// The name of the workload.
pub const NAME: &str = "fault";

/// The spec of `items` items of which those named in `faults` go wrong: "3:panic 5:exit".
///
/// Further parameters: `wait_us` is how long every item waits; `marks` a folder in which every item
/// that begins leaves its process id in a file of its own name, from which a test sees what ran how
/// often and where. `ballast` is text of any length that only has to travel. A fault in the place of
/// item "build" happens while the workload is built.
pub fn spec(items: u32, faults: &str) -> WorkloadSpec {
    WorkloadSpec::new(NAME).with("items", items).with("faults", faults)
}

/// Builds the workload, in a child.
///
/// # Errors
///
/// When `spec` is no spec of this workload, or asks for a build that fails.
pub fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    let workload = FaultWorkload::new(spec)?;
    let is_later = workload.marks.iter().any(|marks| marks.join("0").exists());
    let on_build = workload.faults.on_build;
    if let Some(fault) = on_build.filter(|fault| *fault != Fault::FailLater || is_later) {
        let failed = |error: ItemError| spec.unusable("faults", error);
        fault.happen("the build").map_err(failed)?;
    }
    Ok(Arc::new(workload))
}

/// The same workload for a parent, where building it goes well.
///
/// # Errors
///
/// When `spec` is no spec of this workload.
pub fn build_in_parent(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    Ok(Arc::new(FaultWorkload::new(spec)?))
}

#[derive(Debug)]
struct FaultWorkload {
    spec: WorkloadSpec,
    items: u32,
    faults: Faults,
    wait: Duration,
    marks: Option<PathBuf>,
}

impl FaultWorkload {
    fn new(spec: &WorkloadSpec) -> Result<Self, SpecError> {
        Ok(Self {
            spec: spec.clone(),
            items: spec.param("items")?,
            faults: spec.param("faults")?,
            wait: Duration::from_micros(spec.param_if_set("wait_us")?.unwrap_or(0)),
            marks: spec.param_if_set("marks")?,
        })
    }
}

/// One way to go wrong. `Once` is for retries: it needs the folder of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Return an error.
    Fail,
    /// Return an error if any item has left a mark.
    FailLater,
    /// Panic.
    Panic,
    /// Call exit with status 7.
    Exit,
    /// Abort.
    Abort,
    /// Die of a segmentation fault.
    Segv,
    /// Die of SIGKILL, as by the kernel when memory runs out.
    Kill,
    /// Die of SIGKILL at the first attempt only.
    KillOnce,
    /// Never return.
    Hang,
    /// Take 200 ms.
    Wait,
    /// Stop this process with SIGSTOP.
    Stop,
    /// Read standard input to its end.
    Stdin,
    /// Write 1 MB to standard output.
    Stdout,
    /// Write 8 MB to standard error.
    Stderr,
    /// Return an error of 100 MB.
    Huge,
}

impl Fault {
    fn happen(self, name: &str) -> Result<(), ItemError> {
        match self {
            Self::Fail | Self::FailLater => {
                return Err(ItemError::new(format!("{name} fails as asked")));
            }
            Self::Panic => panic!("{name} panics as asked"),
            Self::Exit => std::process::exit(7),
            Self::Abort => std::process::abort(),
            // The first signal only takes away the handler that the standard library installed.
            Self::Segv => loop {
                send_self("SEGV")?;
            },
            Self::Kill | Self::KillOnce => send_self("KILL")?,
            Self::Hang => loop {
                thread::park();
            },
            Self::Wait => thread::sleep(Duration::from_millis(200)),
            Self::Stop => send_self("STOP")?,
            Self::Stdin => drop(io::read_to_string(io::stdin())),
            Self::Stdout => flood(&mut io::stdout(), 1)?,
            Self::Stderr => flood(&mut io::stderr(), 8)?,
            Self::Huge => return Err(ItemError::new("x".repeat(100_000_000))),
        }
        Ok(())
    }
}

#[cfg(unix)]
fn send_self(signal: &str) -> Result<(), ItemError> {
    use rustix::process::{Signal, getpid, kill_process};
    let signal = match signal {
        "SEGV" => Signal::SEGV,
        "STOP" => Signal::STOP,
        _ => Signal::KILL,
    };
    kill_process(getpid(), signal).map_err(|error| ItemError::new(error.to_string()))
}

#[cfg(not(unix))]
fn send_self(signal: &str) -> Result<(), ItemError> {
    Err(ItemError::new(format!("this system has no signal {signal}")))
}

const LINE: &str =
    "all work and no play makes it impossible to tell what belongs to the protocol\n";

/// How many bytes a flood of so many megabytes has, which is whole lines.
pub fn flood_bytes(megabytes: usize) -> usize {
    megabytes * 1_000_000 / LINE.len() * LINE.len()
}

fn flood(to: &mut dyn Write, megabytes: usize) -> Result<(), ItemError> {
    let mut lines = std::iter::repeat_n(LINE, flood_bytes(megabytes) / LINE.len());
    lines.try_for_each(|line| to.write_all(line.as_bytes())).map_err(unwritable)
}

fn unwritable(error: io::Error) -> ItemError {
    ItemError::new(format!("cannot write: {error}"))
}

impl Workload for FaultWorkload {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.items as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let earlier = match &self.marks {
            Some(folder) => leave_mark(folder, item).map_err(unwritable)?,
            None => 0,
        };
        thread::sleep(self.wait);
        match self.faults.by_item.get(&item.0) {
            Some(Fault::KillOnce) if earlier > 0 => {}
            Some(fault) => fault.happen(&format!("item {item}"))?,
            None => {}
        }
        Ok(Checksum::of(&item.0.to_le_bytes()))
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        io: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move {
            io.sleep(Duration::ZERO).await;
            self.run_item(item)
        })
    }
}

/// Adds a line to the item's file and tells how many there were.
fn leave_mark(folder: &Path, item: ItemIndex) -> io::Result<usize> {
    let path = folder.join(item.to_string());
    let earlier = fs::read_to_string(&path).map_or(0, |text| text.lines().count());
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    writeln!(file, "{}", std::process::id())?;
    Ok(earlier)
}

/// The processes in which an item began, from the folder of marks. A line that is no process id counts
/// as process 0.
pub fn began_in(marks: &Path, item: u32) -> Vec<u32> {
    let text = fs::read_to_string(marks.join(item.to_string())).unwrap_or_default();
    text.lines().map(|pid| pid.parse().unwrap_or(0)).collect()
}

#[derive(Debug, Default)]
struct Faults {
    on_build: Option<Fault>,
    by_item: BTreeMap<u32, Fault>,
}

impl FromStr for Faults {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut faults = Self::default();
        for pair in text.split_whitespace() {
            let (place, fault) = pair.split_once(':').ok_or("a fault is written ITEM:FAULT")?;
            let fault = fault.parse()?;
            match place {
                "build" => faults.on_build = Some(fault),
                item => {
                    let item = item.parse().map_err(|_| format!("no item {item}"))?;
                    faults.by_item.insert(item, fault);
                }
            }
        }
        Ok(faults)
    }
}

impl Param for Faults {
    fn wanted() -> String {
        "a list of ITEM:FAULT with spaces between".to_owned()
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "fail" => Self::Fail,
            "fail-later" => Self::FailLater,
            "panic" => Self::Panic,
            "exit" => Self::Exit,
            "abort" => Self::Abort,
            "segv" => Self::Segv,
            "kill" => Self::Kill,
            "kill-once" => Self::KillOnce,
            "hang" => Self::Hang,
            "wait" => Self::Wait,
            "stop" => Self::Stop,
            "stdin" => Self::Stdin,
            "stdout" => Self::Stdout,
            "stderr" => Self::Stderr,
            "huge" => Self::Huge,
            other => return Err(format!("no fault {other}")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_that_are_not_named_run_and_those_that_are_go_wrong() {
        let workload = build_in_parent(&spec(3, "1:fail")).expect("the spec is sound");
        assert!(workload.run_item(ItemIndex(0)).is_ok());
        let error = workload.run_item(ItemIndex(1)).expect_err("it was to fail");
        assert_eq!(error.to_string(), "item 1 fails as asked");
    }

    #[test]
    fn an_item_leaves_the_process_that_it_began_in() {
        let marks = tempfile::tempdir().expect("tests have a temporary folder");
        let spec = spec(3, "").with("marks", marks.path().display());
        let workload = build_in_parent(&spec).expect("the spec is sound");
        assert!(workload.run_item(ItemIndex(2)).is_ok());
        assert_eq!(began_in(marks.path(), 2), [std::process::id()]);
        assert_eq!(began_in(marks.path(), 1), []);
    }

    #[test]
    fn a_fault_that_nobody_knows_and_a_build_that_fails_are_refused() {
        assert!(build(&spec(3, "1:sing")).is_err());
        assert!(build(&spec(3, "build:fail")).is_err());
        assert!(build_in_parent(&spec(3, "build:fail")).is_ok());
    }
}
