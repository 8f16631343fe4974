//! The recorded run in every form.

use expect_test::expect;
use paceline_core::{ItemIndex, Items, Violation};
use paceline_journal::SampleOutcome;
use paceline_protocol::service::Counters;
use paceline_report::{Screen, View, explain, json, seed_layout, table};

use crate::{measured_of, recorded, recorded_run, run};

#[test]
fn the_table() {
    expect![[r#"
        Concurrency/asyncronousy benchmark

         Benchmark                                                          | Mean time (sec) |     95 % | vs ideal | Memory (MiB) | In flight asked -> seen 
        --------------------------------------------------------------------+-----------------+----------+----------+--------------+-------------------------
         Sequential IO heavy processing                                     |          0.0890 |  +-8.6 % |    1.033 |          1.8 |                  1 -> 1 
         Truly-asyncronous IO heavy processing                              |          0.0109 | +-10.9 % |    1.278 |          2.1 |                20 -> 20 
         Threaded IO heavy processing (8 threads)                           |          0.0162 | +-13.7 % |    1.088 |          1.9 |                  8 -> 8 
         Multiprocessed IO heavy processing (2 processes, 5 items per task) |          0.0587 |  +-7.0 % |    1.219 |          2.9 |                  2 -> 2 
         Sequential CPU heavy processing                                    |          0.0960 | +-24.0 % |    1.495 |          8.0 |                  1 -> 1 
         Threaded CPU heavy processing (2 threads, 8 images)                |          0.0824 | +-13.0 % |    2.310 |         13.0 |                  2 -> 2 

        Time: mean of 6 rounds after one to warm up, each sample in a fresh process; 95 %: the bootstrap
        interval of that mean. vs ideal: the time over what list scheduling needs on the same inputs.
        Memory: the peak of the summed PSS of the whole process tree. In flight: the width asked, and the
        most items that the receipts show at once. Two rows that differ by less than about 13.7 % are rarely
        told apart by so many rounds. To tell every row of a workload apart takes 7 rounds.
        Matrix fixtures/journals/smoke.toml, scale smoke, seed 1, run 20261124-151602-smoke-smoke.

        Flagged, and in the means all the same:
          Threaded IO heavy processing (8 threads): outliers in round 4
          Threaded CPU heavy processing (2 threads, 8 images): outliers in round 3

        Disturbed from outside: 48 samples; taken again: 25; still in the means: 23. The worst: 209 % of the cores' time used by other processes.

        Too short to tell whether steal or other processes disturbed them: 13 samples; the kernel's ticks tell from 0.75 s on.
    "#]].assert_eq(&table(&recorded_run(), &View::default()));
}

#[test]
fn the_layout_of_the_reference() {
    expect![[r#"
        Concurrency/asyncronousy benchmark


        Benchmark                                                             Mean time (sec)  Memory
        ------------------------------------------------------------------  -----------------  ---------
        Sequential IO heavy processing                                                  0.089  1.777MiB
        Truly-asyncronous IO heavy processing                                           0.011  2.127MiB
        Threaded IO heavy processing (8 threads)                                        0.016  1.941MiB
        Multiprocessed IO heavy processing (2 processes, 5 items per task)              0.059  2.924MiB
        Sequential CPU heavy processing                                                 0.096  7.998MiB
        Threaded CPU heavy processing (2 threads, 8 images)                             0.082  12.967MiB

        Platform: linux-6.18.44-fc-v782-x86_64
        CPU Count: 2
        paceline version: 0.1.0
        rustc version: rustc 1.95.0 (59807616e 2026-04-14)

        Flagged, and in the means all the same:
          Threaded IO heavy processing (8 threads): outliers in round 4
          Threaded CPU heavy processing (2 threads, 8 images): outliers in round 3

        Disturbed from outside: 48 samples; taken again: 25; still in the means: 23. The worst: 209 % of the cores' time used by other processes.

        Too short to tell whether steal or other processes disturbed them: 13 samples; the kernel's ticks tell from 0.75 s on.
    "#]].assert_eq(&seed_layout(&recorded_run()));
}

#[test]
fn a_row_of_the_json_form() {
    let document: serde_json::Value =
        serde_json::from_str(&json(&recorded_run()).unwrap()).unwrap();
    assert_eq!(document["format"], 1);
    assert_eq!(document["rows"].as_array().unwrap().len(), 6);
    assert_eq!(document["run"]["run_id"], recorded().header.run_id);
    let row = serde_json::to_string_pretty(&document["rows"][3]).unwrap();
    expect![[r#"
        {
          "batch": 5,
          "coefficient_of_variation": 0.09549423186891533,
          "executor": "procs-ipc",
          "family": "multiproc",
          "flags": [],
          "ideal": {
            "dispatch_s": 0.0017890288333333333,
            "imbalance_s": 0.005088110833333334,
            "list_makespan_s": 0.048182419166666664,
            "lower_bound_s": 0.04309430833333333,
            "shutdown_s": 0.0009876353333333335,
            "startup_s": 0.007761284166666667,
            "vs_ideal": 1.2187152285630618
          },
          "in_flight": {
            "asked": 2,
            "seen_mean": 1.7613399996592032,
            "seen_peak": 2,
            "server_peak": null,
            "started": 2
          },
          "latency": null,
          "max_s": 0.066608697,
          "mean_high_s": 0.06261674333333334,
          "mean_low_s": 0.05461506616666667,
          "mean_s": 0.0587203675,
          "median_s": 0.059722869,
          "memory": {
            "kind": "pss",
            "mean_interval_us": 10086,
            "peak_bytes": 3065856,
            "peak_high_bytes": null,
            "peak_low_bytes": null,
            "processes": [
              {
                "peak_rss_bytes": 3825664,
                "pid": 14626
              },
              {
                "peak_rss_bytes": 3518464,
                "pid": 14632
              },
              {
                "peak_rss_bytes": 3661824,
                "pid": 14634
              }
            ],
            "round_peak_bytes": [
              3065856
            ],
            "rounds": [
              0
            ],
            "samples": 8
          },
          "min_s": 0.051453725,
          "name": "Multiprocessed IO heavy processing (2 processes, 5 items per task)",
          "noise": {
            "causes": [
              "140 % of the cores' time used by other processes"
            ],
            "disturbed": 12,
            "kept": 6,
            "retaken": 6,
            "too_short": 0
          },
          "open_loop": null,
          "reasons": [],
          "revision": null,
          "round_s": [
            0.053295381,
            0.060930561,
            0.061518664,
            0.051453725,
            0.058515177,
            0.066608697
          ],
          "rounds": [
            1,
            2,
            3,
            4,
            5,
            6
          ],
          "state": "valid",
          "workload": "api"
        }"#]]
    .assert_eq(&row);
}

#[test]
fn a_row_of_waits_explained() {
    expect![[r#"
        Multiprocessed IO heavy processing (2 processes, 5 items per task)
          api items run by procs-ipc, 2 at once asked, 2 lanes started, at most 2 in flight and 1.8 in the
            mean.
          It took 0.0587 s, the mean of 6 rounds, between 0.0546 and 0.0626 s at 95 %; the median is
            0.0597 s, the extremes 0.0515 and 0.0666 s.
          A perfect executor that does not know how long tasks take would need 0.0482 s: this row took 1.219
            times that. Of its time
               0.0431 s   73.4 %  lower bound: no schedule is shorter
               0.0051 s    8.7 %  imbalance: lanes that run out of work before the last one
               0.0078 s   13.2 %  startup: bringing the lanes up
               0.0018 s    3.0 %  dispatch: handing out tasks, late timers, shared cores
               0.0010 s    1.7 %  shutdown: ending the lanes
          At its peak the process tree held 2.9 MiB (3 processes seen, 8 sweeps).

    "#]].assert_eq(&explain(&recorded_run(), "5 ITEMS PER TASK", Screen::default()));
}

#[test]
fn a_row_of_computing_explained() {
    expect![[r#"
        Threaded CPU heavy processing (2 threads, 8 images)
          rotate items run by threads-threadpool, 2 at once asked, 2 lanes started, at most 2 in flight and
            1.9 in the mean.
          It took 0.0824 s, the mean of 6 rounds, between 0.0754 and 0.0931 s at 95 %; the median is
            0.0817 s, the extremes 0.0687 and 0.1033 s.
          A perfect executor that does not know how long tasks take would need 0.0360 s: this row took 2.310
            times that. Of its time
               0.0319 s   38.8 %  lower bound: no schedule is shorter
               0.0041 s    5.0 %  imbalance: lanes that run out of work before the last one
               0.0002 s    0.2 %  startup: bringing the lanes up
               0.0461 s   56.0 %  dispatch: handing out tasks, late timers, shared cores
               0.0001 s    0.1 %  shutdown: ending the lanes
          At its peak the process tree held 13.0 MiB (1 process seen, 6 sweeps).
          Flagged: outliers in round 3.

    "#]].assert_eq(&explain(&recorded_run(), "2 threads", Screen::default()));
}

#[test]
fn the_parts_that_are_explained_sum_to_the_whole() {
    let text = explain(&recorded_run(), "", Screen::default());
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        let percents = paragraph.lines().filter_map(|line| {
            let (before, _) = line.split_once(" %  ")?;
            before.split_whitespace().last()?.parse::<f64>().ok()
        });
        let percents: Vec<f64> = percents.collect();
        assert_eq!(percents.len(), 5, "{paragraph}");
        // Each is rounded to a tenth.
        assert!((percents.iter().sum::<f64>() - 100.0).abs() <= 0.25, "{paragraph}");
    }
}

#[test]
fn explaining_a_row_that_is_not_there_says_nothing() {
    assert_eq!(explain(&recorded_run(), "fibers", Screen::default()), "");
}

#[test]
fn what_is_no_result_is_said_below_the_table() {
    let mut journal = recorded();
    let names: Vec<String> = journal.header.plan.rows.iter().map(|row| row.name.clone()).collect();
    let items = Items { count: 2, first: ItemIndex(4) };
    measured_of(&mut journal, &names[0])[0].violations.push(Violation::Missing { items });
    let mut last_of = |name: &String, outcome: SampleOutcome| {
        let mut samples = journal.samples.iter_mut().rev();
        samples.find(|sample| sample.row == *name).unwrap().outcome = outcome;
    };
    let reason = "the worker ended without an answer\nits last words".to_owned();
    last_of(&names[1], SampleOutcome::Broken { reason });
    last_of(&names[2], SampleOutcome::TimedOut { limit_ms: 120_000 });
    let (need_bytes, have_bytes) = (7 << 30, 2 << 30);
    last_of(&names[3], SampleOutcome::TooLittleMemory { need_bytes, have_bytes });
    journal.samples.retain(|sample| sample.row != names[4]);
    measured_of(&mut journal, &names[5])[1].items.retried.insert(3, 2);
    journal.end = None;
    journal.torn_line = Some(77);
    let text = table(&run(&journal), &View::default());
    // Between the title and the explanation stands the table.
    let parts: Vec<&str> = text.split("\n\n").collect();
    expect![[r#"
         Benchmark                                                          | Mean time (sec) |     95 % | vs ideal | Memory (MiB) | In flight asked -> seen 
        --------------------------------------------------------------------+-----------------+----------+----------+--------------+-------------------------
         Sequential IO heavy processing                                     |         invalid |        - |        - |            - |                  1 -> 1 
         Truly-asyncronous IO heavy processing                              |          broken |        - |        - |            - |                20 -> 20 
         Threaded IO heavy processing (8 threads)                           |       timed out |        - |        - |            - |                  8 -> 8 
         Multiprocessed IO heavy processing (2 processes, 5 items per task) |         skipped |        - |        - |            - |                  2 -> 2 
         Sequential CPU heavy processing                                    |               - |        - |        - |            - |                       - 
         Threaded CPU heavy processing (2 threads, 8 images)                |          0.0824 | +-13.0 % |        - |         13.0 |                  2 -> 2 

        Sequential IO heavy processing: invalid
          warm-up: not done: 2 items (the first is item 4)

        Truly-asyncronous IO heavy processing: could not be run
          round 6: the worker ended without an answer
          its last words

        Threaded IO heavy processing (8 threads): timed out
          round 6: it took longer than 120 s and was killed

        Multiprocessed IO heavy processing (2 processes, 5 items per task): skipped
          it needs about 7168 MiB of memory and 2048 MiB are available

        Flagged, and in the means all the same:
          Threaded CPU heavy processing (2 threads, 8 images): outliers in round 3

        Items that were lost with their child and run again (their time is in the means):
          Threaded CPU heavy processing (2 threads, 8 images): 1 attempts more than items

        Disturbed from outside: 36 samples; taken again: 19; still in the means: 19. The worst: 209 % of the cores' time used by other processes.

        Too short to tell whether steal or other processes disturbed them: 10 samples; the kernel's ticks tell from 0.75 s on.

        Line 77 of the journal is torn, and left out.

        The journal has no end: the run was cut short or is still going. This table is partial.
    "#]].assert_eq(&format!("{}\n\n{}", parts[1], parts[3..].join("\n\n")));
    expect![[r#"
        Sequential IO heavy processing
          api items run by seq, 1 at once asked, 1 lane started, at most 1 in flight and 1.0 in the mean.
          It is invalid: warm-up: not done: 2 items (the first is item 4).

        Truly-asyncronous IO heavy processing
          api items run by async-tokio, 20 at once asked, 20 lanes started, at most 20 in flight and 10.6 in
            the mean.
          It could not be run: round 6: the worker ended without an answer
            its last words.

        Threaded IO heavy processing (8 threads)
          api items run by threads-threadpool, 8 at once asked, 8 lanes started, at most 8 in flight and 5.7
            in the mean.
          It timed out: round 6: it took longer than 120 s and was killed.

        Multiprocessed IO heavy processing (2 processes, 5 items per task)
          api items run by procs-ipc, 2 at once asked, 2 lanes started, at most 2 in flight and 1.8 in the
            mean.
          It was skipped: it needs about 7168 MiB of memory and 2048 MiB are available.

    "#]].assert_eq(&explain(&run(&journal), "IO heavy", Screen::default()));
}

#[test]
fn what_the_server_counted_stands_below_the_table_and_in_json() {
    let mut journal = recorded();
    let row = journal.samples[0].row.clone();
    for sample in journal.samples.iter_mut().filter(|sample| sample.row == row) {
        sample.server =
            Some(Counters { peak: 41 + u64::from(sample.round), ..Counters::default() });
    }
    let rounds = journal.samples.iter().map(|sample| sample.round).max().unwrap_or(0);
    let run = run(&journal);
    let peak = 41 + rounds;
    let note = format!(
        "\nThe most requests in flight at once that the server counted:\n  {row}: {peak}, of "
    );
    let text = table(&run, &View::default());
    assert!(text.contains(&note), "{text}");
    assert!(json(&run).expect("JSON").contains(&format!("\"server_peak\": {peak}")));
    assert!(!table(&recorded_run(), &View::default()).contains("the server counted"));
}
