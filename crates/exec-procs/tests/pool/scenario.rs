//! What happens in a process of its own, since it changes the whole process or ends it. A scenario
//! panics when something is not as it should be, and else prints "sound".

use std::io::{self, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use paceline_core::Outcome;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::pass::{Pass, done, loss, run_beside};
use crate::rogue::PART;

/// The scenarios by name.
const SCENARIOS: &[(&str, fn())] = &[
    ("plain", plain),
    ("floods", floods),
    ("busy", busy),
    ("replaced", replaced),
    ("interrupted", interrupted),
    ("low-soft-limit-of-files", low_soft_limit_of_files),
    ("hard-limit-of-files", hard_limit_of_files),
    ("low-limit-of-processes", low_limit_of_processes),
    ("low-limit-of-address-space", low_limit_of_address_space),
    ("no-child-starts", no_child_starts),
    ("no-child-answers", no_child_answers),
];

/// What a scenario prints when all was as it should be.
pub(crate) const SOUND: &str = "sound\n";

/// Plays the scenario that the command line asks for, if it does.
pub(crate) fn play_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next()? != "scenario" {
        return None;
    }
    let name = arguments.next()?;
    let (_, play) = SCENARIOS.iter().find(|(known, _)| *known == name)?;
    play();
    say(SOUND);
    Some(ExitCode::SUCCESS)
}

/// A command that plays a scenario, its output piped.
pub(crate) fn command(program: &std::path::Path, name: &str) -> Command {
    assert!(SCENARIOS.iter().any(|(known, _)| *known == name), "there is no scenario {name}");
    let mut command = Command::new(program);
    command.args(["scenario", name]).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Plays a scenario in this binary, with variables set, and returns what it printed.
pub(crate) fn play(name: &str, variables: &[(&str, &str)]) -> (String, String) {
    let own = std::env::current_exe().expect("this binary has a path");
    let mut command = command(&own, name);
    command.envs(variables.iter().copied());
    conclude(command.spawn().expect("this binary can be run again"))
}

/// Waits for a scenario and returns what it printed.
pub(crate) fn conclude(scenario: Child) -> (String, String) {
    let output = scenario.wait_with_output().expect("the scenario can be waited for");
    let [out, err] =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
    (out, err)
}

/// Says something to whoever started this scenario.
pub(crate) fn say(text: &str) {
    let mut out = io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).expect("someone listens");
}

fn plain() {
    let pass = Pass::new(20, "3:kill", 3, 2);
    assert_eq!(done(&pass.run()).len(), 19);
}

fn floods() {
    let pass = Pass::new(6, "build:stderr 0:stdout 1:stderr 2:stdin", 2, 1);
    assert!(pass.is_sound(&pass.run()));
}

/// Runs items until someone ends this process.
fn busy() {
    let [faults, marks] = ["FAULTS", "MARKS"].map(|name| std::env::var(name).expect("it is set"));
    Pass::new(3, &faults, 3, 1).with("marks", marks).run();
}

/// Another file takes the place of this executable; children are started before and after.
fn replaced() {
    let pass = Pass::new(20, "3:kill", 2, 2);
    let mut lanes = pass.start().expect("children start");
    let own = std::env::current_exe().expect("this binary has a path");
    std::fs::remove_file(&own).expect("this is a copy");
    std::fs::write(&own, "not an executable").expect("the folder can be written to");
    let job = pass.job();
    lanes.run(&job).expect("the pool holds");
    lanes.shutdown().expect("children end");
    assert!(loss(&job.receipts(), 3).contains("SIGKILL"));
    assert_eq!(done(&job.receipts()).len(), 19);
    plain();
}

fn interrupted() {
    let interrupted = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&interrupted))
        .expect("the signal can be caught");
    let pass = Pass::new(10_000, "", 3, 10).with("wait_us", 1_000);
    let job = pass.job();
    let mut lanes = pass.start().expect("children start");
    run_beside(lanes.as_mut(), &job, |_| {
        while job.receipts().is_empty() {
            thread::yield_now();
        }
        say("running\n");
        while !interrupted.load(Ordering::Relaxed) {
            thread::yield_now();
        }
        job.cancel();
    });
    lanes.shutdown().expect("children end");
    let receipts = job.receipts();
    let cancelled = receipts.iter().filter(|receipt| receipt.outcome == Outcome::Cancelled);
    assert_eq!(done(&receipts).len() + cancelled.count(), 10_000, "and none was lost");
}

fn low_soft_limit_of_files() {
    limit(Resource::Nofile, 24, None);
    let pass = Pass::new(200, "", 32, 1);
    assert!(pass.is_sound(&pass.run()));
}

/// Says why the pool does not start; or it keeps its word that so many files are enough.
fn hard_limit_of_files() {
    let most = std::env::var("LIMIT").expect("it is set").parse().expect("it is a number");
    limit(Resource::Nofile, most, Some(most));
    let pass = Pass::new(200, "7:kill", 32, 1);
    let mut lanes = match pass.start() {
        Ok(lanes) => lanes,
        Err(error) => return say(&format!("{error}\n")),
    };
    let job = pass.job();
    lanes.run(&job).expect("the pool holds");
    lanes.shutdown().expect("children end");
    assert_eq!(done(&job.receipts()).len(), 199);
}

fn low_limit_of_processes() {
    limit(Resource::Nproc, 20, Some(20));
    let text = Pass::new(200, "", 32, 1).start().err().expect("20 are too few").to_string();
    assert!(text.contains("take 97 processes and threads, RLIMIT_NPROC allows 20"), "{text}");
}

fn low_limit_of_address_space() {
    limit(Resource::As, 1 << 30, Some(1 << 30));
    let error = Pass::new(1_000, "", 1_000, 1).start().err().expect("their stacks are 2 GiB");
    let text = error.to_string();
    assert!(text.contains("room for 1000 children") && text.contains("MiB of address"), "{text}");
    assert!(text.ends_with("RLIMIT_AS allows 1024"), "{text}");
}

fn limit(resource: Resource, soft: u64, hard: Option<u64>) {
    let maximum = hard.or(getrlimit(resource).maximum);
    setrlimit(resource, Rlimit { current: Some(soft), maximum }).expect("limits can be lowered");
}

/// Says why no child starts.
fn no_child_starts() {
    let mut pass = Pass::new(3, "", 2, 1);
    if std::env::var(PART).is_ok_and(|part| part == "never-connects") {
        pass.options.handshake_timeout = Duration::from_millis(500);
    }
    let error = pass.start().err().expect("children are rogues");
    say(&format!("{error}\n"));
}

/// Says what became of the first item.
fn no_child_answers() {
    let receipts = Pass::new(3, "", 2, 1).run();
    say(&format!("{}\n", loss(&receipts, 0)));
}
