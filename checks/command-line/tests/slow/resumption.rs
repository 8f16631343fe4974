//! Runs that are cut short, and go on: no finished sample is lost, and none is run twice.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::support::{Paceline, TWO_ROWS};
use paceline_journal::{Journal, Record, Sample, SampleOutcome, Writer};

/// Starts a run and kills the driver with a signal it cannot see, as soon as `lines` samples have been
/// shown, which a log does not do of all that go well. Returns how many were.
fn run_and_kill(paceline: &Paceline, arguments: &[&str], lines: usize) -> usize {
    let mut command = paceline.command("bench");
    let mut child = command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be run");
    let stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
    let shown = |line: &String| line.starts_with('[');
    let mut lines_seen = stderr.lines().map_while(Result::ok).filter(shown);
    let before = lines_seen.by_ref().take(lines).count();
    child.kill().expect("the driver is alive");
    child.wait().expect("it ends");
    before + lines_seen.count()
}

fn turns(journal: &Journal) -> Vec<(u32, u32, String)> {
    let turn = |sample: &Sample| (sample.round, sample.take, sample.row.clone());
    journal.samples.iter().map(turn).collect()
}

fn read(path: &Path) -> Journal {
    Journal::read(path).expect("the journal can be read")
}

#[test]
fn a_killed_run_goes_on_where_it_stopped_and_runs_nothing_twice() {
    let paceline = Paceline::new();
    let matrix = paceline.two_rows();
    let arguments = ["--matrix", &matrix, "--rounds", "200", "--retakes", "0"];
    let shown = run_and_kill(&paceline, &arguments, 5);
    let path = paceline.journal();
    let before = fs::read(&path).expect("the journal can be read");
    let done = turns(&read(&path));
    assert!(done.len() >= shown && done.len() < 402, "{} of {shown}", done.len());

    // As if it had been killed in the middle of a write.
    let torn = [&before[..], b"{\"format\":1,\"rec"].concat();
    fs::write(&path, &torn).expect("the journal can be written");
    assert!(paceline.report(&[]).expect_code(0).stdout.contains("is torn, and left out"));

    let resumed = paceline.bench(&["--resume"]).expect_code(0);
    assert!(resumed.stderr.contains("was torn and is cut off"), "{}", resumed.stderr);
    let after = fs::read(&path).expect("the journal can be read");
    assert!(after.starts_with(&before), "what was there is untouched");
    let journal = read(&path);
    let all = turns(&journal);
    assert_eq!(all[..done.len()], done);
    assert_eq!(all.len(), 402);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 402);
    assert!(journal.end.is_some() && journal.torn_line.is_none());

    let again = paceline.bench(&["--resume", "latest"]).expect_code(0);
    assert!(again.stderr.contains("the run is complete"), "{}", again.stderr);
    assert_eq!(fs::read(&path).expect("the journal can be read"), after);
}

#[test]
fn progress_after_a_resume_stays_within_its_total_and_reaches_it() {
    let paceline = Paceline::new();
    let matrix = paceline.two_rows();
    let rounds = ["--rounds", "200", "--memory-rounds", "2", "--retakes", "0"];
    run_and_kill(&paceline, &[&["--matrix", &matrix], &rounds[..]].concat(), 3);
    let path = paceline.journal();
    let journal = read(&path);
    // As if the user had stopped it in the middle of a sample, which is run again, and as if some had been
    // taken twice, which the plan did not have.
    let mut writer =
        Writer::resume(&path, journal.whole_bytes).expect("the journal can be written");
    let mut add = |sample: Sample| writer.append(&Record::from(sample));
    for sample in journal.samples.iter().take(2) {
        add(Sample { take: 2, ..sample.clone() }).expect("the journal can be written");
        let SampleOutcome::Measured { measured, .. } = &sample.outcome else { continue };
        let outcome = SampleOutcome::Interrupted { measured: measured.clone() };
        add(Sample { round: 199, outcome, ..sample.clone() }).expect("the journal can be written");
    }
    drop(writer);
    let resumed = paceline.bench(&["--resume"]).expect_code(0);
    let shown = |line: &str| {
        let (done, rest) = line.strip_prefix('[')?.split_once('/')?;
        let (all, _) = rest.split_once(']')?;
        Some((done.parse().ok()?, all.parse().ok()?))
    };
    let shown: Vec<(usize, usize)> = resumed.stderr.lines().filter_map(shown).collect();
    assert!(shown.iter().all(|(done, all)| done <= all), "{shown:?}");
    assert_eq!(shown.last(), Some(&(404, 404)), "{shown:?}");
}

#[test]
fn a_run_of_another_worker_or_host_is_not_resumed() {
    let paceline = Paceline::new();
    let matrix = paceline.two_rows();
    run_and_kill(&paceline, &["--matrix", &matrix, "--rounds", "200"], 2);
    let path = paceline.journal();
    let whole = fs::read_to_string(&path).expect("the journal can be read");
    let worker = read(&path).header.worker.0;
    let refuse = |from: String, to: &str, words: &str| {
        let changed = whole.replacen(&from, to, 1);
        assert_ne!(changed, whole, "{from}");
        fs::write(&path, &changed).expect("the journal can be written");
        let refused = paceline.bench(&["--resume"]).expect_code(2);
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
        assert_eq!(fs::read_to_string(&path).expect("the journal can be read"), changed);
    };
    refuse(format!("\"worker\":{worker}"), "\"worker\":1", "the worker's hash was");
    let cores = read(&path).header.host.usable_cores;
    refuse(format!("\"usable_cores\":{cores}"), "\"usable_cores\":4096", "usable cores was 4096");
}

#[test]
fn a_case_that_takes_too_long_is_killed_and_the_others_go_on() {
    let paceline = Paceline::new();
    let slow = TWO_ROWS.replace(
        "[[rows]]\nname = \"two\"",
        "[workloads.api]\n\
        params = { records = 50, max_wait_us = 60_000_000 }\n[[rows]]\nname = \"two\"",
    );
    let slow = slow.replace(
        "workload = \"noop\"\nexecutor = \"threads",
        "workload = \"api\"\nexecutor = \"threads",
    );
    let matrix = paceline.file("slow.toml", slow.as_bytes()).display().to_string();
    let arguments = ["--matrix", &matrix, "--rounds", "1", "--retakes", "0", "--timeout", "300ms"];
    let ran = paceline.bench(&arguments).expect_code(4);
    assert!(ran.stdout.contains("two: timed out"), "{}", ran.stdout);
    assert!(ran.stdout.contains("longer than 0.3 s and was killed"), "{}", ran.stdout);
    let journal = read(&paceline.journal());
    let measured = |sample: &&Sample| matches!(sample.outcome, SampleOutcome::Measured { .. });
    assert_eq!(journal.samples.iter().filter(measured).count(), 2);
}
