//! A workload whose items go wrong on command, in every way in which a process can.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemError, ItemIndex, ItemResult, SpecError, Workload,
    WorkloadSpec,
};
use rustix::process::{Signal, getpid, kill_process};

/// The name of the workload.
pub(crate) const NAME: &str = "fault";

/// The spec of `items` items of which those named in `faults` go wrong: "3:panic 5:exit".
///
/// Further parameters: `wait_us` is how long every item waits; `marks` a folder in which every item
/// that begins leaves its process id in a file of its own name, from which a test sees what ran how
/// often and where. `ballast` is text of any length that only has to travel. A fault in the place of
/// item "build" happens while the workload is built.
pub(crate) fn spec(items: u32, faults: &str) -> WorkloadSpec {
    WorkloadSpec::new(NAME).with("items", items).with("faults", faults)
}

/// Builds the workload, in a child.
pub(crate) fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    let workload = FaultWorkload::new(spec)?;
    let is_later = workload.marks.iter().any(|marks| marks.join("0").exists());
    let on_build = workload.faults.on_build;
    if let Some(fault) = on_build.filter(|fault| *fault != Fault::FailLater || is_later) {
        let failed = |error: ItemError| SpecError::Input {
            workload: NAME.to_owned(),
            reason: error.to_string(),
        };
        fault.happen("the build").map_err(failed)?;
    }
    Ok(Arc::new(workload))
}

/// The same workload for a parent, where building it goes well.
pub(crate) fn build_in_parent(spec: &WorkloadSpec) -> Arc<dyn Workload> {
    Arc::new(FaultWorkload::new(spec).expect("specs of tests are sound"))
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
        let optional = |name: &'static str| match spec.params.contains_key(name) {
            true => spec.param::<String>(name).map(Some),
            false => Ok(None),
        };
        let wait_us = optional("wait_us")?.map_or(Ok(0), |_| spec.param("wait_us"))?;
        Ok(Self {
            spec: spec.clone(),
            items: spec.param("items")?,
            faults: spec.param("faults")?,
            wait: Duration::from_micros(wait_us),
            marks: optional("marks")?.map(PathBuf::from),
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
                send_self(Signal::SEGV);
            },
            Self::Kill | Self::KillOnce => send_self(Signal::KILL),
            Self::Hang => loop {
                thread::park();
            },
            Self::Wait => thread::sleep(Duration::from_millis(200)),
            Self::Stop => send_self(Signal::STOP),
            Self::Stdin => drop(io::read_to_string(io::stdin())),
            Self::Stdout => flood(&mut io::stdout(), 1),
            Self::Stderr => flood(&mut io::stderr(), 8),
            Self::Huge => return Err(ItemError::new("x".repeat(100_000_000))),
        }
        Ok(())
    }
}

fn send_self(signal: Signal) {
    kill_process(getpid(), signal).expect("a process may send itself a signal");
}

const LINE: &str =
    "all work and no play makes it impossible to tell what belongs to the protocol\n";

/// How many bytes a flood of so many megabytes has, which is whole lines.
pub(crate) fn flood_bytes(megabytes: usize) -> usize {
    megabytes * 1_000_000 / LINE.len() * LINE.len()
}

fn flood(to: &mut dyn Write, megabytes: usize) {
    for _ in 0..flood_bytes(megabytes) / LINE.len() {
        to.write_all(LINE.as_bytes()).expect("someone reads the output");
    }
}

impl Workload for FaultWorkload {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.items as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let earlier = self.marks.as_ref().map_or(0, |folder| leave_mark(folder, item));
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

    fn planned(&self, _: ItemIndex) -> Option<Duration> {
        None
    }

    fn item_memory_bytes(&self, _: ItemIndex) -> u64 {
        0
    }

    fn without_waits(&self) -> WorkloadSpec {
        self.spec.clone()
    }
}

/// Adds a line to the item's file and tells how many there were.
fn leave_mark(folder: &std::path::Path, item: ItemIndex) -> usize {
    let path = folder.join(item.to_string());
    let earlier = std::fs::read_to_string(&path).map_or(0, |text| text.lines().count());
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .expect("the folder of marks exists");
    writeln!(file, "{}", std::process::id()).expect("the folder of marks can be written to");
    earlier
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
