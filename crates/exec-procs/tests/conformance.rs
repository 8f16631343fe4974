//! What every executor promises.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use paceline_exec_procs::{ProcsIpc, serve_if_child};
use paceline_testkit::{CHECKS, Check, Subject};

fn main() -> ExitCode {
    serve_if_child(paceline_testkit::build).unwrap_or_else(|| {
        let subject = Subject::new(Box::leak(Box::new(ProcsIpc::default())));
        let held_to = |check: &'static Check| {
            Trial::test(check.name, move || Ok(check.run(&subject).map(drop)?))
        };
        let tests = CHECKS.iter().map(held_to).collect();
        libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
    })
}
