use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use paceline_core::Schedule;
use paceline_journal::{FILE_NAME, StopRule};
use paceline_protocol::Noise;
use paceline_stats::search::{Search, Step};
use tempfile::TempDir;

use super::script::*;
use super::*;
use paceline_journal::Conduct;

const ROWS: [&str; 4] = ["a", "b", "c", "d"];

fn sorted(mut rows: Vec<&str>) -> Vec<&str> {
    rows.sort_unstable();
    rows
}

fn broken() -> SampleOutcome {
    SampleOutcome::Broken { reason: "it is broken".to_owned() }
}

fn interrupted() -> SampleOutcome {
    SampleOutcome::Interrupted { measured: Box::new(measured(1)) }
}

fn retaking(retakes: u32, rounds: u32) -> Conduct {
    Conduct { retakes, ..Conduct::rounds(rounds) }
}

fn reading_memory(memory_rounds: u32, rounds: u32) -> Conduct {
    Conduct { memory_rounds, ..Conduct::rounds(rounds) }
}

#[test]
fn every_round_runs_every_row_once_and_shuffles_them_anew() {
    let ran = Script::calm().run(&plan(&ROWS, Conduct::rounds(5)));
    assert_eq!(ran.reason, EndReason::Completed);
    assert_eq!(ran.turns().len(), 6 * ROWS.len());
    let orders: BTreeSet<Vec<&str>> = (0..6).map(|round| ran.order(round)).collect();
    assert!(orders.iter().all(|order| sorted(order.clone()) == ROWS), "{orders:?}");
    assert!(orders.len() > 1, "{orders:?}");
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_seed_another() {
    let of_seed = |seed| {
        let plan = Plan { seed, ..plan(&ROWS, Conduct::rounds(5)) };
        Script::calm().run(&plan).asked
    };
    assert_eq!(of_seed(7), of_seed(7));
    assert_ne!(of_seed(7), of_seed(8));
}

#[test]
fn the_rows_of_a_round_share_its_seed_and_every_round_has_another() {
    let plan = plan(&ROWS, Conduct::rounds(3));
    let ran = Script::calm().run(&plan);
    let seeds = |round| -> BTreeSet<u64> {
        let of_round = ran.journal.samples.iter().filter(|sample| sample.round == round);
        of_round.map(|sample| sample.seed).collect()
    };
    for round in 0..4 {
        assert_eq!(seeds(round), BTreeSet::from([rounds::seed(&plan, round)]));
    }
    let asked: BTreeSet<u64> = ran.asked.iter().map(|asked| asked.spec.seed).collect();
    assert_eq!(asked.len(), 4, "the worker is told the seeds that the journal has");
}

#[test]
fn a_sample_begins_and_is_done_before_the_next_begins() {
    let ran = Script::calm().run(&plan(&["a"], Conduct::rounds(1)));
    let told = [
        "a began round 0",
        "digest of seeded",
        "a done in round 0",
        "a began round 1",
        "digest of seeded",
        "a done in round 1",
        "ended: Completed",
    ];
    assert_eq!(ran.told, told);
}

#[test]
fn a_disturbed_sample_is_taken_again_at_the_end_of_its_round() {
    let plan = plan(&ROWS, retaking(1, 1));
    let script = Script::new(|asked| {
        let is_disturbed = ["b", "c"].contains(&asked.row.as_str()) && asked.before == 1;
        Some(if is_disturbed { disturbed() } else { calm() })
    });
    let ran = script.run(&plan);
    let round: Vec<(&str, u32)> =
        ran.turns().iter().filter(|turn| turn.1 == 1).map(|turn| (turn.0, turn.2)).collect();
    let first = ran.order(1);
    let again = first.iter().filter(|row| ["b", "c"].contains(row));
    let expected: Vec<(&str, u32)> =
        first.iter().map(|row| (*row, 1)).chain(again.map(|row| (*row, 2))).collect();
    assert_eq!(round, expected);
    let told = ran.told.iter().position(|told| told == "2 retakes").unwrap();
    let done = ran.told[..told].iter().filter(|told| told.ends_with("done in round 1")).count();
    assert_eq!(done, ROWS.len(), "{:?}", ran.told);
    let logs: BTreeSet<&str> = ran.asked.iter().map(|asked| asked.log.as_str()).collect();
    assert_eq!(logs.len(), ran.asked.len(), "every sample has a log of its own");
}

#[test]
fn a_sample_that_stays_disturbed_is_taken_again_as_often_as_the_plan_says() {
    for retakes in 0..4 {
        let plan = plan(&["a", "b"], retaking(retakes, 2));
        let ran = Script::new(|asked| Some(if asked.row == "a" { disturbed() } else { calm() }))
            .run(&plan);
        let takes = |row, round| ran.turns().iter().filter(|t| (t.0, t.1) == (row, round)).count();
        let takes = [("a", 0), ("a", 1), ("a", 2), ("b", 1)].map(|(row, round)| takes(row, round));
        let of_a = retakes as usize + 1;
        // The times of the round that warms up are not used.
        assert_eq!(takes, [1, of_a, of_a, 1], "{retakes}");
        let told = ran.told.iter().filter(|told| *told == "1 retakes").count();
        assert_eq!(told, 2 * retakes as usize);
    }
}

#[test]
fn a_disturbance_is_what_the_statistics_see_as_one() {
    let one_second = stolen(0);
    let cases = [
        (Noise::default(), false),
        (stolen(39), false),
        (stolen(41), true),
        (Noise { throttled_ns: Some(9_000_000), ..one_second.clone() }, false),
        (Noise { throttled_ns: Some(11_000_000), ..one_second.clone() }, true),
        (Noise { others_cpu_ns: Some(99_000_000), ..one_second.clone() }, false),
        (Noise { others_cpu_ns: Some(101_000_000), ..one_second.clone() }, true),
        (Noise { cpu_pressure_ns: Some(900_000_000), ..one_second }, false),
    ];
    for (noise, is_disturbed) in cases {
        let plan = plan(&["a"], retaking(1, 1));
        let ran = Script::new(|_| Some(outcome(measured(1_000), noise.clone()))).run(&plan);
        assert_eq!(ran.turns().contains(&("a", 1, 2)), is_disturbed, "{noise:?}");
        let seen = disturbances(&ran.journal.samples[1], &ran.journal.header.host);
        assert_eq!(!seen.is_empty(), is_disturbed, "{noise:?}");
    }
}

#[test]
fn a_budget_that_is_used_up_ends_the_run_after_the_least_rounds() {
    for least_rounds in 1..4 {
        let stop = StopRule { rounds: 4, budget_ms: Some(0), precision: None, least_rounds };
        let ran = Script::calm().run(&plan(&ROWS, Conduct { stop, ..Conduct::rounds(4) }));
        assert_eq!(ran.reason, EndReason::Budget);
        assert_eq!(ran.turns().len(), (least_rounds as usize + 1) * ROWS.len());
        assert_eq!(ran.told.last().unwrap(), "ended: Budget");
    }
}

#[test]
fn a_budget_that_is_not_used_up_ends_no_run() {
    let stop = StopRule { rounds: 4, budget_ms: Some(3_600_000), precision: None, least_rounds: 1 };
    let ran = Script::calm().run(&plan(&["a"], Conduct { stop, ..Conduct::rounds(4) }));
    assert_eq!((ran.reason, ran.turns().len()), (EndReason::Completed, 5));
}

/// A run that stops once times are known within 10 %, after at least 3 and at most 9 rounds.
fn precisely(memory_rounds: u32) -> Conduct {
    let stop = StopRule { rounds: 9, budget_ms: None, precision: Some(0.1), least_rounds: 3 };
    Conduct { stop, ..reading_memory(memory_rounds, 9) }
}

/// A sample that takes `ms`, and `more_ms` more in every other round.
fn swinging(asked: &Asked, ms: u64, more_ms: u64) -> Option<SampleOutcome> {
    let ms = ms + more_ms * (asked.before as u64 % 2);
    Some(outcome(measured(ms), Noise::default()))
}

#[test]
fn a_run_ends_when_every_row_is_known_precisely_enough() {
    let plan = plan(&["a", "b"], precisely(1));
    let ran = Script::new(|asked| swinging(asked, 1_000, 10)).run(&plan);
    assert_eq!((ran.reason, ran.turns().len()), (EndReason::Precision, 4 * 2));
    let ran = Script::new(|asked| {
        let more_ms = if asked.row == "a" { 10 } else { 5_000 };
        swinging(asked, 1_000, more_ms)
    });
    let ran = ran.run(&plan);
    assert_eq!((ran.reason, ran.turns().len()), (EndReason::Completed, 10 * 2));
}

#[test]
fn a_row_without_times_keeps_no_run_from_being_precise() {
    let ran = Script::new(|asked| match asked.row.as_str() {
        "a" => swinging(asked, 1_000, 10),
        _ => Some(broken()),
    });
    let ran = ran.run(&plan(&["a", "b"], precisely(1)));
    assert_eq!((ran.reason, ran.turns().len()), (EndReason::Precision, 4 * 2));
}

#[test]
fn precision_ends_no_run_before_its_memory_is_read() {
    let ran = Script::new(|asked| swinging(asked, 1_000, 10)).run(&plan(&["a"], precisely(7)));
    assert_eq!((ran.reason, ran.turns().len()), (EndReason::Precision, 7));
    assert_eq!(ran.for_memory().len(), 6);
}

#[test]
fn rounds_for_memory_run_every_row_once_more_and_read_no_memory_of_what_is_timed() {
    let plan = plan(&ROWS, reading_memory(3, 4));
    let ran = Script::calm().run(&plan);
    assert_eq!(ran.asked.len(), plan.samples());
    assert_eq!(ran.turns().len(), 5 * ROWS.len());
    let for_memory = ran.for_memory();
    for round in 0..5 {
        let read = for_memory.iter().filter(|turn| turn.1 == round).map(|turn| turn.0).collect();
        let expected = if [1, 2].contains(&round) { ROWS.to_vec() } else { Vec::new() };
        assert_eq!(sorted(read), expected, "{round}");
    }
    let reading = |round| {
        let seed = rounds::seed(&plan, round);
        ran.asked.iter().filter(|asked| asked.spec.seed == seed && asked.read_memory).count()
    };
    // The round that warms up reads the memory of the only samples that it has.
    assert_eq!([0, 1, 2, 3, 4].map(reading), [4, 4, 4, 0, 0]);
}

#[test]
fn a_disturbed_sample_for_memory_is_not_taken_again() {
    let plan = plan(&["a"], Conduct { retakes: 3, ..reading_memory(2, 1) });
    let ran = Script::new(|asked| Some(if asked.read_memory { disturbed() } else { calm() }));
    let ran = ran.run(&plan);
    assert_eq!(ran.for_memory(), [("a", 1, 1)]);
    assert_eq!(ran.turns(), [("a", 0, 1), ("a", 1, 1)]);
}

#[test]
fn a_row_that_times_out_or_breaks_or_lacks_memory_ends_no_run() {
    let ran = Script::new(|asked| {
        Some(match asked.row.as_str() {
            "a" => SampleOutcome::TimedOut { limit_ms: 300 },
            "b" => broken(),
            "c" => SampleOutcome::TooLittleMemory { need_bytes: 2, have_bytes: 1 },
            _ => calm(),
        })
    });
    let ran = ran.run(&plan(&ROWS, retaking(2, 2)));
    assert_eq!(ran.reason, EndReason::Completed);
    assert_eq!(ran.turns().len(), 3 * ROWS.len(), "nothing of it is taken again");
    let of = |row: &'static str| ran.journal.samples.iter().filter(move |sample| sample.row == row);
    assert!(of("a").all(|s| matches!(s.outcome, SampleOutcome::TimedOut { limit_ms: 300 })));
    assert!(of("b").all(|s| matches!(&s.outcome, SampleOutcome::Broken { .. })));
    assert!(of("c").all(|s| matches!(s.outcome, SampleOutcome::TooLittleMemory { .. })));
    assert!(of("d").all(|s| matches!(s.outcome, SampleOutcome::Measured { .. })));
}

#[test]
fn a_run_that_is_stopped_keeps_what_is_worth_keeping_and_says_so() {
    for (last, kept) in [(None, 5), (Some(interrupted()), 6)] {
        let mut left = 5;
        let script = Script::new(|_| {
            if left == 0 {
                return last.clone();
            }
            left -= 1;
            Some(calm())
        });
        let ran = script.run(&plan(&ROWS, Conduct::rounds(3)));
        assert_eq!((ran.reason, ran.asked.len()), (EndReason::Interrupted, 6));
        assert_eq!(ran.turns().len(), kept);
        assert_eq!(ran.told.last().unwrap(), "ended: Interrupted");
    }
}

#[test]
fn a_run_that_is_stopped_while_a_digest_is_made_ends() {
    let ran = Script::calm().digest(|_| Digested::Stopped).run(&plan(&ROWS, Conduct::rounds(3)));
    assert_eq!((ran.reason, ran.asked.len()), (EndReason::Interrupted, 0));
    assert!(ran.journal.samples.is_empty() && ran.journal.digests.is_empty());
}

/// Runs `plan` with a journal in `folder`, and `sinks` told after it.
fn run_in(folder: &Path, script: Script<'_>, plan: &Plan, sinks: Vec<Box<dyn Sink + '_>>) -> Ran {
    let mut writer = Writer::create(folder).unwrap();
    writer.append(&Record::Run(Box::new(header(plan)))).unwrap();
    let mut all: Vec<Box<dyn Sink + '_>> = vec![Box::new(JournalSink(writer))];
    all.extend(sinks);
    script.run_with(plan, Journal::begin(header(plan)), all).unwrap()
}

/// Disturbs the first take of every sample of row `b`.
fn disturbing_b<'a>() -> Script<'a> {
    Script::new(|asked| {
        let is_disturbed = asked.row == "b" && asked.log.ends_with("take-1.log");
        Some(if is_disturbed { disturbed() } else { calm() })
    })
}

#[test]
fn a_run_goes_on_wherever_it_was_cut_and_runs_nothing_twice() {
    let folder = TempDir::new().unwrap();
    let plan = plan(&["a", "b", "c"], Conduct { retakes: 2, ..reading_memory(2, 2) });
    let whole = run_in(folder.path(), disturbing_b(), &plan, Vec::new());
    assert_eq!((whole.turns().len(), whole.for_memory().len()), (11, 3));
    let path = folder.path().join(FILE_NAME);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for kept in 1..lines.len() {
        fs::write(&path, lines[..kept].concat()).unwrap();
        let journal = Journal::read(&path).unwrap();
        let done = journal.samples.len();
        let known = journal.digests.len();
        let ran = disturbing_b().go_on(&plan, journal);
        assert_eq!(ran.reason, EndReason::Completed);
        assert_eq!(ran.turns(), whole.turns(), "{kept} lines");
        assert_eq!(ran.for_memory(), whole.for_memory(), "{kept} lines");
        assert_eq!(ran.asked[..], whole_after(&whole, done), "{kept} lines");
        assert_eq!(ran.digested[..], whole.digested[known..], "{kept} lines");
    }
}

/// What `whole` asked for after so many samples, in the form of a run that begins there.
fn whole_after(whole: &Ran, samples: usize) -> Vec<Asked> {
    let (before, after) = whole.asked.split_at(samples);
    let of = |row: &str| before.iter().filter(|asked| asked.row == row).count();
    after.iter().map(|a| Asked { before: a.before - of(&a.row), ..a.clone() }).collect()
}

#[test]
fn what_was_interrupted_is_run_again_when_the_run_goes_on() {
    let plan = plan(&["a", "b"], Conduct::rounds(1));
    let stopped = Script::new(|asked| Some(if asked.before == 1 { interrupted() } else { calm() }));
    let stopped = stopped.run(&plan);
    assert_eq!((stopped.reason, stopped.asked.len()), (EndReason::Interrupted, 3));
    let (row, round, take) = stopped.turns()[2];
    let again = (row.to_owned(), round, take);
    let ran = Script::calm().go_on(&plan, stopped.journal);
    assert_eq!(ran.reason, EndReason::Completed);
    assert_eq!(ran.turns()[3], (again.0.as_str(), again.1, again.2));
    assert_eq!(ran.turns().len(), 5);
}

#[test]
fn a_finished_run_that_goes_on_runs_nothing() {
    let plan = plan(&ROWS, Conduct { retakes: 2, ..reading_memory(2, 2) });
    let whole = disturbing_b().run(&plan);
    let ran = Script::calm().go_on(&plan, whole.journal);
    assert_eq!((ran.asked, ran.digested), (Vec::new(), Vec::new()));
    assert_eq!(ran.told, ["ended: Completed"]);
}

/// Reads the journal at every sample, and expects the sample to be in it.
struct OnDisk<'a>(&'a Path);

impl Sink for OnDisk<'_> {
    fn note(&mut self, event: &Event<'_>) -> Result<()> {
        let journal = Journal::read(&self.0.join(FILE_NAME))?;
        match event {
            Event::SampleDone(sample) => {
                let last = journal.samples.last().unwrap();
                let turn = |s: &Sample| (s.purpose, s.row.clone(), s.round, s.take);
                assert_eq!(turn(last), turn(sample));
            }
            Event::Ended(end) => assert_eq!(journal.end.map(|end| end.reason), Some(end.reason)),
            Event::DigestKnown(digest) => {
                assert_eq!(journal.digests.last().unwrap().spec, digest.spec)
            }
            Event::Retakes(_) | Event::SampleBegan { .. } => {}
        }
        Ok(())
    }
}

#[test]
fn everything_is_in_the_journal_on_disk_before_anyone_else_is_told() {
    let folder = TempDir::new().unwrap();
    let plan = plan(&["a", "b"], Conduct { retakes: 1, ..reading_memory(2, 2) });
    let on_disk: Vec<Box<dyn Sink + '_>> = vec![Box::new(OnDisk(folder.path()))];
    let ran = run_in(folder.path(), disturbing_b(), &plan, on_disk);
    let read = Journal::read(&folder.path().join(FILE_NAME)).unwrap();
    assert_eq!(turns(&read, Purpose::Time), ran.turns());
    assert_eq!(turns(&read, Purpose::Memory), ran.for_memory());
    assert_eq!(read.end.unwrap().reason, EndReason::Completed);
}

/// A plan whose rows run `workload`.
fn running(workload: &str, rows: &[&str], rounds: u32) -> Plan {
    let mut plan = plan(rows, Conduct::rounds(rounds));
    plan.rows.iter_mut().for_each(|row| row.case.spec.workload = workload.to_owned());
    plan
}

#[test]
fn a_digest_is_made_once_for_every_seed_and_given_to_every_row() {
    let plan = running(SEEDED, &ROWS, 2);
    let by_seed = |spec: &WorkloadSpec| Digested::Known(Ok(paceline_core::Digest(spec.seed)));
    let ran = Script::calm().digest(by_seed).run(&plan);
    let seeds: Vec<u64> = ran.digested.iter().map(|spec| spec.seed).collect();
    assert_eq!(seeds, [0, 1, 2].map(|round| rounds::seed(&plan, round)));
    assert_eq!(ran.journal.digests.len(), 3);
    for asked in &ran.asked {
        assert_eq!(asked.expected, Some(paceline_core::Digest(asked.spec.seed)));
    }
}

#[test]
fn one_digest_serves_all_rounds_of_a_workload_whose_products_the_seed_does_not_change() {
    let plan = running(UNSEEDED, &ROWS, 2);
    let ran = Script::calm().run(&plan);
    let seeds: Vec<u64> = ran.digested.iter().map(|spec| spec.seed).collect();
    assert_eq!(seeds, [0]);
    assert!(ran.asked.iter().all(|asked| asked.expected == Some(paceline_core::Digest(1))));
    let seeds: BTreeSet<u64> = ran.asked.iter().map(|asked| asked.spec.seed).collect();
    assert_eq!(seeds.len(), 3, "its samples have the seeds of their rounds");
}

#[test]
fn rows_of_other_parameters_have_digests_of_their_own() {
    let mut plan = running(UNSEEDED, &ROWS, 1);
    let spec = &mut plan.rows[0].case.spec;
    *spec = spec.clone().with("items", 11);
    assert_eq!(Script::calm().run(&plan).digested.len(), 2);
}

#[test]
fn a_digest_that_cannot_be_made_now_breaks_the_sample_and_is_tried_again_for_the_next() {
    let mut tries = 0;
    let script = Script::calm().digest(|_| {
        tries += 1;
        match tries {
            1 => Digested::Unavailable("no server".to_owned()),
            _ => Digested::Known(Ok(paceline_core::Digest(1))),
        }
    });
    let ran = script.run(&running(UNSEEDED, &["a", "b"], 1));
    assert_eq!((ran.digested.len(), ran.journal.digests.len()), (2, 1));
    assert_eq!((ran.turns().len(), ran.asked.len()), (4, 3));
    let SampleOutcome::Broken { reason } = &ran.journal.samples[0].outcome else {
        panic!("{:?}", ran.journal.samples[0].outcome)
    };
    assert_eq!(reason, "no server");
}

#[test]
fn a_digest_that_failed_is_not_tried_again_and_its_rows_are_run() {
    let failing = |_: &WorkloadSpec| Digested::Known(Err("item 3 failed".to_owned()));
    let ran = Script::calm().digest(failing).run(&running(UNSEEDED, &["a", "b"], 1));
    assert_eq!((ran.digested.len(), ran.asked.len()), (1, 4));
    assert!(ran.asked.iter().all(|asked| asked.expected.is_none()));
    assert_eq!(ran.journal.digests[0].failure.as_deref(), Some("item 3 failed"));
}

const SEARCH: RateSearch = RateSearch {
    quantile: 0.99,
    limit_ns: 50_000_000,
    lowest_per_s: 10.0,
    highest_per_s: 1_000.0,
    for_ms: 2_000,
};

fn searching(rows: &[&str]) -> Plan {
    plan(rows, Conduct { search: Some(SEARCH), retakes: 3, ..Conduct::rounds(1) })
}

/// Keeps to the limit up to the rate that each row can bear.
fn bearing(asked: &Asked) -> Option<SampleOutcome> {
    let bears = match asked.row.as_str() {
        "none" => 1.0,
        "some" => 123.0,
        "all" => 10_000.0,
        _ => return Some(broken()),
    };
    let Some(Schedule { rate_per_s, .. }) = asked.schedule else { panic!("{asked:?}") };
    // The machine is never quiet, and a rate is tried once all the same.
    Some(outcome(measured(if rate_per_s <= bears { 20 } else { 90 }), stolen(500)))
}

#[test]
fn a_search_tries_rates_for_each_row_until_it_is_settled() {
    let plan = searching(&["none", "some", "all", "broken"]);
    let ran = Script::new(bearing).run(&plan);
    assert_eq!(ran.reason, EndReason::Completed);
    let found = |row: usize| Search::of_row(&SEARCH, &plan.rows[row], &ran.journal);
    let [none, some, all, broken] = [0, 1, 2, 3].map(found);
    assert_eq!((none.step, none.trail.len()), (Step::NotEven(10.0), 1));
    assert_eq!((all.step, all.trail.len()), (Step::AtLeast(1_000.0), 2));
    assert_eq!((broken.step, broken.trail.len()), (Step::NotEven(10.0), 1));
    let Step::Between(holds, fails) = some.step else { panic!("{:?}", some.step) };
    assert!(holds <= 123.0 && 123.0 < fails && fails / holds < 1.06, "{holds} to {fails}");
    assert_eq!(ran.asked.len(), 4 + some.trail.len());

    let rates = ran.asked.iter().filter(|asked| asked.row == "some");
    let rates: Vec<f64> = rates.map(|asked| asked.schedule.unwrap().rate_per_s).collect();
    assert_eq!(rates, some.trail.iter().map(|probe| probe.rate_per_s).collect::<Vec<_>>());
}

#[test]
fn a_search_ends_its_rounds_when_no_row_is_open_and_has_none_that_warms_up() {
    let plan = searching(&["none", "some", "all"]);
    let ran = Script::new(bearing).run(&plan);
    let tries = ran.turns().iter().filter(|turn| turn.0 == "some").count();
    let rounds = |row| -> Vec<u32> {
        ran.turns().iter().filter(|turn| turn.0 == row).map(|turn| turn.1).collect()
    };
    assert_eq!((rounds("none"), rounds("all")), (vec![1], vec![1, 2]));
    assert_eq!(rounds("some"), (1..=tries as u32).collect::<Vec<_>>());
    assert!(ran.asked.iter().all(|asked| !asked.read_memory));
}

#[test]
fn a_search_gives_each_sample_as_many_items_as_arrive() {
    let ran = Script::new(bearing).run(&searching(&["some"]));
    for asked in &ran.asked {
        let Schedule { rate_per_s, patience_ns } = asked.schedule.unwrap();
        assert_eq!(asked.spec.params["items"], format!("{:.0}", rate_per_s * 2.0));
        assert_eq!(patience_ns, 2_000_000_000);
    }
}

#[test]
fn a_search_that_is_stopped_ends() {
    let mut left = 2;
    let script = Script::new(|asked| {
        left -= 1;
        if left < 0 { Some(interrupted()) } else { bearing(asked) }
    });
    let ran = script.run(&searching(&["some", "all"]));
    assert_eq!((ran.reason, ran.asked.len()), (EndReason::Interrupted, 3));
}

#[test]
fn rows_in_open_loop_get_the_schedule_of_the_plan() {
    let schedule = Some(Schedule { rate_per_s: 5.0, patience_ns: 1 });
    let ran = Script::calm().run(&plan(&ROWS, Conduct { schedule, ..Conduct::rounds(1) }));
    assert!(ran.asked.iter().all(|asked| asked.schedule == schedule));
}

#[test]
fn a_sink_that_fails_ends_the_run_and_the_others_still_hear_of_the_event() {
    let told = RefCell::new(Vec::new());
    let plan = plan(&ROWS, Conduct::rounds(3));
    let mut asked = 0;
    let script = Script::new(|_| {
        asked += 1;
        Some(calm())
    });
    let fails_at = |event: &Event<'_>| matches!(event, Event::SampleDone(_));
    let sinks: Vec<Box<dyn Sink + '_>> = vec![Box::new(Failing(fails_at)), Box::new(Notes(&told))];
    let error = script.run_with(&plan, Journal::begin(header(&plan)), sinks).unwrap_err();
    assert_eq!(format!("{error:#}"), "take note of what happened: the disk is full");
    assert_eq!(asked, 1);
    let last = told.into_inner().pop().unwrap();
    assert!(last.ends_with("done in round 0"), "{last}");
}
