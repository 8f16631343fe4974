//! Matrix files with faults: all of them are told, by `matrix check` and before a run.

use crate::support::{Outcome, Paceline, journals, program};

/// A file without faults, up to its rows, which begin in line 8.
const HEAD: &str = "\
format = 1
title = \"t\"
[scales.quick]
about = \"a\"
[scales.smoke]
about = \"b\"
[workloads.noop]
";

const ROW: &str = "[[rows]]\nname = \"n\"\nworkload = \"noop\"\nexecutor = \"seq\"\nwidth = 1\n";

fn check(files: &[&str]) -> Outcome {
    Outcome::of(program().args(["matrix", "check"]).args(files))
}

/// Has `rows` refused by the check and before a run, with all of `words` and nothing run.
fn refuse(workload: &str, rows: &str, words: &[&str]) {
    let paceline = Paceline::new();
    let file = paceline.file("m.toml", format!("{HEAD}{workload}\n{rows}").as_bytes());
    let file = file.display().to_string();
    let checked = check(&[&file]).expect_code(2).stderr;
    let run = paceline.bench(&["--matrix", &file, "--rounds", "1"]).expect_code(2).stderr;
    for word in words {
        assert!(checked.contains(word), "{word}: {checked}");
        assert!(run.contains(word), "{word}: {run}");
    }
    assert!(journals(paceline.out.path()).is_empty());
}

const ITEMS: &str = "params = { items = 5 }";

#[test]
fn faults_of_the_file_itself_are_told_with_line_and_column() {
    let rows = ROW.replace("width = 1", "widht = 1\nwidth = 0").replace("noop", "nope");
    let places = ["m.toml:11:12: no workload `nope`", "m.toml:13:1: unknown key `widht`"];
    refuse(ITEMS, &rows, &[&places[..], &["m.toml:14:9: a width is a number from 1"]].concat());
    refuse(ITEMS, "[[rows]\n", &["m.toml:9:8: this is no TOML"]);
}

#[test]
fn faults_show_names_without_orders_to_a_terminal() {
    let paceline = Paceline::new();
    let row = ROW.replace("\"n\"", r#""two\nlines \u001b[2J""#);
    let twice = format!("{HEAD}{ITEMS}\n{row}{row}").replace("\"seq\"", r#""s\u001b[2J""#);
    let twice = paceline.file("m.toml", twice.as_bytes()).display().to_string();
    let told = check(&[&twice]).expect_code(2).stderr;
    assert!(told.contains(r"two rows are named `two\nlines \u{1b}[2J`"), "{told}");
    assert!(told.contains(r"no executor `s\u{1b}[2J`"), "{told}");
}

#[test]
fn the_mark_of_an_encoding_moves_no_column() {
    let paceline = Paceline::new();
    let text = format!("\u{feff}{HEAD}{ITEMS}\n{ROW}").replace("format", "formt");
    let file = paceline.file("m.toml", text.as_bytes()).display().to_string();
    let refused = check(&[&file]).expect_code(2).stderr;
    assert!(refused.contains("m.toml:1:1: unknown key `formt`"), "{refused}");
}

#[test]
fn a_parameter_of_a_type_that_none_has_is_told_once_and_is_not_missing() {
    let paceline = Paceline::new();
    let text = format!("{HEAD}params = {{ items = 1979-05-27 }}\n{ROW}");
    let file = paceline.file("m.toml", text.as_bytes()).display().to_string();
    let refused = check(&[&file]).expect_code(2).stderr;
    assert!(refused.contains("which has a fault:\n"), "{refused}");
    assert!(refused.contains("m.toml:8:20: a parameter is a text, a number"), "{refused}");
}

#[test]
fn what_the_worker_does_not_know_is_told_with_the_rest() {
    let rows = ROW.replace("\"seq\"", "\"fibers\"");
    let words = [
        "which has 3 faults",
        "m.toml:8:12: build workload `noop`: unknown parameter `itmes`; it knows items",
        "m.toml:7:12: build workload `noop`: parameter `items` is missing",
        "m.toml:12:12: no executor `fibers`; there are seq, ",
    ];
    refuse("params = { itmes = 5 }", &rows, &words);
    refuse(
        "workload = \"nothing\"",
        ROW,
        &["m.toml:8:12: build workload `nothing`: no such workload"],
    );
    refuse("params = { items = \"many\" }", ROW, &["m.toml:8:20: build workload `noop`: `many`"]);
}

#[test]
fn everything_wrong_with_the_parameters_of_one_workload_is_told_at_once_each_at_its_place() {
    let paceline = Paceline::new();
    let told = |name: &str, workload: &str| {
        let text = format!("{HEAD}{workload}\n{ROW}").replace("noop", name);
        let file = paceline.file("m.toml", text.as_bytes()).display().to_string();
        let refused = check(&[&file]).expect_code(2).stderr;
        let start = format!("  {file}:");
        let lines = refused.lines().filter_map(|line| line.strip_prefix(&start));
        lines.map(|line| line.replace(&format!(" build workload `{name}`:"), "")).collect()
    };
    let faults: Vec<String> = told(
        "primes",
        "params = { itmes = 5, below = \"many\" }\n\
         scales.smoke = { repetitions = -1, colour = \"red\" }",
    );
    let expected = [
        "7:12: parameter `items` is missing",
        "7:12: parameter `repetitions` is missing at scale quick",
        "8:12: unknown parameter `itmes`; it knows items, below, repetitions",
        "8:31: `many` for parameter `below` is not a whole number from 0 to 4,294,967,295",
        "9:32: `-1` for parameter `repetitions` is not a whole number from 1 to 4,294,967,295 at scale smoke",
        "9:36: unknown parameter `colour`; it knows items, below, repetitions at scale smoke",
    ];
    assert_eq!(faults, expected);

    let faults: Vec<String> = told("primes", "params = { below = 0, items = 0, colour = 1 }");
    let expected = [
        "7:12: parameter `repetitions` is missing",
        "8:20: count primes below 0: at least 3 is needed, or items do nothing",
        "8:31: there would be no items; at least 1 is needed",
        "8:34: unknown parameter `colour`; it knows items, below, repetitions",
    ];
    assert_eq!(faults, expected);

    let command = "params = { command = \"cat {itm}\", items = \"*.no-such\", shel = true, check_output = 2 }";
    let faults: Vec<String> = told("command", command);
    let places: Vec<_> = faults.iter().filter_map(|line| line.split_once(": ")).collect();
    let expected = [
        ("8:22", "read `cat {itm}`: unknown placeholder `{itm}` at column 5"),
        ("8:43", "match the items `*.no-such`: nothing matches"),
        ("8:56", "unknown parameter `shel`"),
        ("8:84", "`2` for parameter `check_output` is not true or false"),
    ];
    assert_eq!(places.len(), expected.len(), "{faults:?}");
    for ((place, what), (expected_place, start)) in places.iter().zip(expected) {
        assert!(*place == expected_place && what.starts_with(start), "{place}: {what}");
    }
}

#[test]
fn counts_of_items_that_cannot_be_run_are_refused_at_once() {
    refuse("params = { items = 0 }", ROW, &["m.toml:8:20: there would be no items"]);
    let billion = "params = { items = 1_000_000_000 }";
    refuse(billion, ROW, &["m.toml:8:20: there would be 1000000000 items; at most 1000000"]);
    let one_scale = "scales.quick = { items = 5 }\nscales.smoke = { items = 0 }";
    refuse(
        one_scale,
        ROW,
        &["m.toml:9:26: there would be no items; at least 1 is needed at scale smoke"],
    );
}

#[test]
fn rows_of_one_name_are_told_with_both_places() {
    let words = ["m.toml:15:8: two rows are named `n`; the other stands in line 10, column 8"];
    refuse(ITEMS, &format!("{ROW}{ROW}"), &words);
    let all = ROW.replace("\"seq\"", "\"*\"");
    refuse(ITEMS, &all, &["m.toml:10:8: two rows are named `n`: an entry for several rows needs"]);
}

#[test]
fn the_built_in_matrices_have_no_faults_and_can_be_printed_to_start_from() {
    let paceline = Paceline::new();
    let shown = Outcome::of(program().args(["matrix", "show", "floor"])).expect_code(0);
    let copy = paceline.file("my.toml", shown.stdout.as_bytes()).display().to_string();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/matrices");
    let entries = std::fs::read_dir(folder).expect("there are matrices");
    let files = entries.map(|entry| entry.expect("an entry").path().display().to_string());
    let files: Vec<String> = files.chain([copy]).collect();
    let checked = check(&files.iter().map(String::as_str).collect::<Vec<_>>()).expect_code(0);
    assert_eq!(checked.stdout.matches("no faults").count(), files.len(), "{}", checked.stdout);
}

#[test]
fn a_check_of_several_files_tells_the_faults_of_each() {
    let paceline = Paceline::new();
    let good = format!("{HEAD}{ITEMS}\n{ROW}");
    let file =
        |name: &str, text: String| paceline.file(name, text.as_bytes()).display().to_string();
    let files = [
        file("a.toml", good.replace("width = 1", "width = 0")),
        file("b.toml", good.clone()),
        file("c.toml", good.replace("title", "tilte")),
    ];
    let all = ["no-such.toml", &files[0], &files[1], &files[2]];
    let checked = check(&all).expect_code(2);
    for word in [
        "find matrix `no-such.toml`",
        "a.toml:13:9",
        "c.toml:2:1: unknown key `tilte`",
        "c.toml:1:1: the file lacks its `title`",
    ] {
        assert!(checked.stderr.contains(word), "{word}: {}", checked.stderr);
    }
    assert!(checked.stdout.contains("b.toml: no faults"), "{}", checked.stdout);
    assert!(check(&["no-such.toml"]).expect_code(2).stderr.contains("it is no file"));
}

#[test]
fn a_check_looks_no_host_up_so_that_a_service_can_be_down_and_a_network_away() {
    let paceline = Paceline::new();
    // Reserved by RFC 6761, never to be given to anyone.
    let host = "http://no-such-host.invalid:80";
    for (name, params) in [
        ("http", format!("url = \"{host}\", records = 1, max_wait_us = 1, timeout_ms = 1")),
        ("url", format!("url = \"{host}/{{item}}\", items = 3")),
    ] {
        let text = format!("{HEAD}params = {{ {params} }}\n{ROW}").replace("noop", name);
        let file = paceline.file("m.toml", text.as_bytes()).display().to_string();
        let checked = check(&[&file]).expect_code(0).stdout;
        assert!(checked.contains("no faults"), "{checked}");
    }
}

#[test]
fn a_check_opens_the_inputs_of_workloads() {
    let paceline = Paceline::new();
    let refuse = |workload: &str, name: &str, words: &[&str]| {
        let text = format!("{HEAD}{workload}\n{ROW}").replace("noop", name);
        let file = paceline.file("m.toml", text.as_bytes()).display().to_string();
        let refused = check(&[&file]).expect_code(2).stderr;
        for word in words {
            assert!(refused.contains(word), "{word}: {refused}");
        }
    };
    let command = "params = { command = \"no-such-program {item}\", items = \"1..3\" }";
    refuse(
        command,
        "command",
        &["m.toml:8:22: build workload `command`: find the program `no-such-program`"],
    );
    let command = "params = { command = \"{item}\", items = \"list: no-such-a no-such-b\" }";
    let fault =
        |name: &str| format!("m.toml:8:22: build workload `command`: find the program `{name}`");
    refuse(command, "command", &["has 2 faults", &fault("no-such-a"), &fault("no-such-b")]);
    let command = "params = { command = \"echo {colour}\", items = 3 }";
    refuse(command, "command", &["m.toml:8:22: ", "colour"]);
    let rotate = "params = { images = \"no/such\", items = 1, repetitions = 1, degrees = 1 }";
    refuse(
        rotate,
        "rotate",
        &["m.toml:8:21: build workload `rotate`: read the image folder no/such"],
    );
}
