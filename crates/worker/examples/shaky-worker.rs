//! A worker with executors that panic, each in another step, and one that prints, beside a sound one. The
//! command line is tested with it (`checks/command-line/tests/slow/shaky.rs`).

use std::process::ExitCode;
use std::sync::Arc;

use paceline_core::{ExecError, Executor, Job, Lanes, Setup};
use paceline_exec_seq::Sequential;

fn main() -> ExitCode {
    paceline_worker::run(|_| {
        vec![
            Box::new(Sequential),
            Box::new(Talking),
            Box::new(Shaky { id: "threads-shaky-start", step: Step::Start }),
            Box::new(Shaky { id: "threads-shaky-run", step: Step::Run }),
            Box::new(Shaky { id: "threads-shaky-shutdown", step: Step::Shutdown }),
        ]
    })
}

/// Runs items in sequence, and writes to standard output what looks like an answer, and what does not.
struct Talking;

#[expect(clippy::print_stdout, reason = "this is what must do no harm")]
impl Executor for Talking {
    fn id(&self) -> &'static str {
        "threads-talking"
    }

    fn about(&self) -> &'static str {
        "prints"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        println!("starting\n{{}}\n\"LanesUp\"");
        print!("no end of a line");
        Sequential.start(setup)
    }
}

/// Runs items in sequence, and panics in one step.
struct Shaky {
    id: &'static str,
    step: Step,
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Start,
    Run,
    Shutdown,
}

impl Executor for Shaky {
    fn id(&self) -> &'static str {
        self.id
    }

    fn about(&self) -> &'static str {
        "panics"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        assert!(self.step != Step::Start, "no room for {} lanes", setup.lanes());
        Ok(Box::new(ShakyLanes(self.step)))
    }
}

struct ShakyLanes(Step);

impl Lanes for ShakyLanes {
    fn started(&self) -> usize {
        1
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        assert!(self.0 != Step::Run, "lost the queue");
        job.run_tasks();
        Ok(())
    }

    fn shutdown(self: Box<Self>) -> Result<(), ExecError> {
        assert!(self.0 != Step::Shutdown, "cannot join");
        Ok(())
    }
}
