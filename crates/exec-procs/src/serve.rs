//! The child's side.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use paceline_core::{Outcome, SpecError, Task, Workload, WorkloadSpec, clock, remote};

use crate::os;
use crate::page::{Board, MARKS, Page};
use crate::process::CHILD_ARGUMENT;
use crate::wire::{Begin, Broken, FromChild, Hello, Report, ToChild, guarded, receive, send};

/// Receipts are sent at the latest when an item ends this long after the last ones were, so that a
/// parent learns in time how far a long task has come.
const SEND_AFTER: Duration = Duration::from_millis(1);

/// Becomes a child of a pool if this process was started as one, and returns `None` if not.
///
/// Call this first in `main` of every binary that starts a pool, tests and benches included: the pool
/// runs the same executable again. `build` makes a workload from its spec. A child ends with its
/// parent, most often without returning from here.
///
/// ```no_run
/// # fn build(
/// #     _: &paceline_core::WorkloadSpec,
/// # ) -> Result<std::sync::Arc<dyn paceline_core::Workload>, paceline_core::SpecError> {
/// #     unimplemented!()
/// # }
/// # fn run() -> std::process::ExitCode { unimplemented!() }
/// fn main() -> std::process::ExitCode {
///     paceline_exec_procs::serve_if_child(build).unwrap_or_else(run)
/// }
/// ```
pub fn serve_if_child<B>(build: B) -> Option<ExitCode>
where
    B: FnOnce(&WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError>,
{
    if std::env::args_os().nth(1)? != CHILD_ARGUMENT {
        return None;
    }
    match serve(build) {
        // The parent closed the channel, as it does when it has no more tasks.
        Ok(()) | Err(Failure::Channel(Broken::Closed)) => Some(ExitCode::SUCCESS),
        Err(failure) => {
            // Whoever reads standard error may be gone, too.
            let _ = writeln!(io::stderr(), "failed to serve as a child: {failure}");
            Some(ExitCode::FAILURE)
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{what}: {source}")]
    System { what: &'static str, source: io::Error },
    #[error("talk to the parent: {0}")]
    Channel(#[from] Broken),
}

fn serve<B>(build: B) -> Result<(), Failure>
where
    B: FnOnce(&WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError>,
{
    let tasks = introduce()?;
    let ToChild::Begin(begin) = receive(&tasks)? else { return Err(Broken::out_of_turn().into()) };
    let Begin { receipts, board, lane, spec } = *begin;
    let page = Arc::new(Board::map(board)).page(lane).ok_or_else(Broken::out_of_turn)?;
    let workload = match build(&spec) {
        Ok(workload) => workload,
        Err(error) => return Ok(send(&receipts, FromChild::Unfit(error.to_string()))?),
    };
    drop(spec);
    os::point_stderr_at_stdout();
    send(&receipts, FromChild::Ready)?;
    let mut outbox = Outbox { receipts, page, unsent: Vec::new(), sent_ns: clock::now_ns() };
    loop {
        let ToChild::Run(tasks) = receive(&tasks)? else {
            return Err(Broken::out_of_turn().into());
        };
        outbox.run(workload.as_ref(), &tasks)?;
    }
}

/// Connects to the parent and says hello. What the parent says from then on comes out of the receiver.
fn introduce() -> Result<IpcReceiver<ToChild>, Failure> {
    let system = |what| move |source| Failure::System { what, source };
    let mut leash = BufReader::new(os::take_stdin().map_err(system("take standard input"))?);
    let mut lines = [String::new(), String::new()];
    for line in &mut lines {
        leash.read_line(line).map_err(system("read where to connect"))?;
    }
    let [door, address] = lines.map(|line| line.trim_end().to_owned());
    let parent = match address.is_empty() {
        // The parent was killed while it made the door, or just before or after.
        true => Err(Failure::Channel(Broken::Closed)),
        false => IpcSender::connect(address).map_err(system("connect to the parent")),
    };
    remove_door(Path::new(&door));
    let parent = parent?;
    end_with_parent(leash).map_err(system("start the thread that watches the parent"))?;
    let build = os::build_id().map_err(system("identify this executable"))?;
    let (sender, tasks) = guarded(ipc::channel)?;
    send(&parent, Hello { build, tasks: sender })?;
    Ok(tasks)
}

/// The door has served. The parent removes it, too, but it may be killed before. Only afterwards may the
/// kernel kill this process with its parent.
fn remove_door(door: &Path) {
    if os::DOORS_ARE_SOCKETS {
        let _ = std::fs::remove_file(door);
    }
}

/// Ends this process as soon as the parent's end of the leash is closed, also while an item is in work.
/// The main thread would see the parent's death only when it next wants something of it.
fn end_with_parent(mut leash: impl Read + Send + 'static) -> io::Result<()> {
    os::die_with_parent();
    let wait = move || {
        // Nothing more is ever written; an error is as good an end as the end of the file.
        let _ = io::copy(&mut leash, &mut io::sink());
        process::exit(0);
    };
    thread::Builder::new().name("leash".to_owned()).stack_size(64 * 1024).spawn(wait).map(drop)
}

/// Runs tasks and sends their receipts, several at once where items are short.
#[derive(Debug)]
struct Outbox {
    receipts: IpcSender<FromChild>,
    page: Page,
    /// Receipts that wait to be sent. The page has them too.
    unsent: Vec<Report>,
    /// When receipts were last sent.
    sent_ns: u64,
}

impl Outbox {
    fn run(&mut self, workload: &dyn Workload, tasks: &[Task]) -> Result<(), Broken> {
        self.page.touch();
        let mut items = tasks.iter().flat_map(Task::items);
        while let Some(item) = items.next() {
            if self.page.is_stopped() {
                self.send_receipts()?;
                return send(&self.receipts, FromChild::Skipped(1 + items.count()));
            }
            self.page.begin();
            let (span, outcome) = remote::run(workload, item);
            self.add(Report { span, outcome })?;
        }
        self.send_receipts()
    }

    fn add(&mut self, report: Report) -> Result<(), Broken> {
        let end_ns = report.span.end_ns;
        if let Outcome::Done(checksum) = report.outcome {
            self.page.note_done(report.span, checksum);
            self.unsent.push(report);
            let since_sent_ns = end_ns.saturating_sub(self.sent_ns);
            if self.unsent.len() < MARKS && since_sent_ns <= SEND_AFTER.as_nanos() as u64 {
                return Ok(());
            }
            self.send_receipts()?;
        } else {
            // The page has no room for text, so this item counts as settled only once it is sent.
            self.unsent.push(report);
            self.send_receipts()?;
            self.page.note_sent();
        }
        // Sending may have taken its time, which is not that of the next item.
        self.page.touch();
        Ok(())
    }

    fn send_receipts(&mut self) -> Result<(), Broken> {
        self.sent_ns = clock::now_ns();
        match std::mem::take(&mut self.unsent) {
            none if none.is_empty() => Ok(()),
            receipts => send(&self.receipts, FromChild::Receipts(receipts)),
        }
    }
}

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
