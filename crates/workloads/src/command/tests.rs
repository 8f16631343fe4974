use std::fs;

use super::*;

fn spec(command: &str, items: &str) -> WorkloadSpec {
    let spec = WorkloadSpec::new("command").with("command", command).with("items", items);
    let directory = std::env::temp_dir();
    let spec = spec.with("shell", false).with("directory", directory.display());
    spec.with(OUTPUT, "pipe").with(CHECK_OUTPUT, false).with(RUN, true)
}

fn script(script: &str) -> WorkloadSpec {
    spec(script, "1").with("shell", true)
}

fn run(spec: &WorkloadSpec, item: u32) -> ItemResult {
    build(spec).expect("a good spec").run_item(ItemIndex(item))
}

fn failure(spec: &WorkloadSpec) -> String {
    run(spec, 0).expect_err("it fails").to_string()
}

#[test]
fn a_program_gets_the_item_as_one_argument_in_its_directory_and_nothing_to_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let in_folder = |command: &str, shell: bool| {
        let spec = spec(command, "list: 'a b;$(touch no)' c").with("shell", shell);
        run(&spec.with("directory", folder.path().display()), 0).expect("it succeeds");
    };
    in_folder("touch {item}", false);
    in_folder("cat > {index}{item} && cat", true);
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
        .collect();
    names.sort();
    assert_eq!(names, ["0a b;$(touch no)", "a b;$(touch no)"]);
}

#[test]
fn a_name_that_a_shell_would_run_is_run_nowhere_in_a_script() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let item = r#"list: '$(touch ran)'"#;
    for text in ["cat <<E\n{item}\nE", "true # {item}", "echo `echo {item}`"] {
        let spec = spec(text, item).with("shell", true).with("directory", folder.path().display());
        run(&spec, 0).expect("it succeeds");
        assert!(!folder.path().join("ran").exists(), "{text}");
    }
}

#[test]
fn the_product_follows_from_the_words_and_no_program_is_run_to_know_it() {
    let without = build(&spec("test {item} != 3", "1..3")).expect("a good spec").without_waits();
    assert_eq!(run(&spec("test {item} != 3", "1..3"), 1), run(&without, 1));
    assert!(run(&spec("test {item} != 3", "1..3"), 2).is_err());
    assert!(run(&without, 2).is_ok());
    assert_ne!(run(&without, 1), run(&without, 2));
}

#[test]
fn output_that_is_checked_is_part_of_the_product_and_is_known_by_a_run() {
    let printing = |text: &str, check: bool| {
        // The words are the same: only what is written differs.
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("text"), text).expect("written");
        let spec = spec("cat text", "1").with("directory", folder.path().display());
        let spec = spec.with(CHECK_OUTPUT, check);
        let product = run(&spec, 0).expect("it succeeds");
        let without = build(&spec).expect("a good spec").without_waits();
        assert_eq!(run(&without, 0), Ok(product));
        product
    };
    assert_ne!(printing("one", true), printing("two", true));
    assert_eq!(printing("one", false), printing("two", false));
    let neither = spec("true", "1").with(CHECK_OUTPUT, true).with(RUN, false);
    assert!(build(&neither).is_err());
}

/// Succeeds when its standard output is what `test` finds of it.
#[cfg(target_os = "linux")]
fn if_stdout(test: &str) -> WorkloadSpec {
    script(&format!("test {test} /proc/self/fd/1"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_writes_into_a_pipe_unless_the_null_device_is_asked_for() {
    for check in [false, true] {
        let spec = if_stdout("-p").with(CHECK_OUTPUT, check);
        run(&spec, 0).expect("it is a pipe");
    }
    run(&if_stdout("-c").with(OUTPUT, "null"), 0).expect("it is a device");
    let unread = script("echo").with(OUTPUT, "null").with(CHECK_OUTPUT, true);
    assert!(build(&unread).expect_err("nobody reads it").to_string().contains("null device"));
}

#[test]
fn a_failure_tells_the_command_its_status_and_the_last_lines_of_stderr() {
    let told = failure(&script("echo first >&2; echo last >&2; exit 3"));
    assert!(told.starts_with("run `sh -c echo first"), "{told}");
    assert!(told.ends_with("`: exit status: 3, its stderr ends with\n  first\n  last"), "{told}");
    assert!(
        failure(&spec("false", "1")).ends_with("`false`: exit status: 1, without a word on stderr")
    );
    assert!(failure(&script("kill -9 $$")).contains("signal: 9"));
    // What a script was called with is told, too, however long it is.
    let long = script(&format!("false {{item}} {}", "x".repeat(500))).with("items", "list: a.jpg");
    let told = failure(&long);
    assert!(told.starts_with("run `sh -c paceline_item=$1; false "), "{told}");
    assert!(told.contains("xxx...xxx") && told.contains("x sh a.jpg`: exit status: 1"), "{told}");
    assert!(told.len() < 200, "{told}");
    assert!(
        failure(&spec("no-such-program x", "1"))
            .starts_with("run `no-such-program x`: No such file")
    );
}

#[test]
fn streams_of_any_length_neither_block_the_program_nor_pile_up() {
    let flood =
        "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; ";
    for check in [false, true] {
        let spec = script(&format!("{flood} true")).with(CHECK_OUTPUT, check);
        run(&spec, 0).expect("it succeeds");
    }
    let closed = script("exec 2>&-; head -c 300000 /dev/zero").with(CHECK_OUTPUT, true);
    run(&closed, 0).expect("it succeeds");
}

#[test]
fn what_cannot_be_understood_is_refused_with_its_place() {
    let refused = |spec: &WorkloadSpec| build(spec).expect_err("it is refused").to_string();
    let unknown = refused(&spec("cat {itm}", "1"));
    assert!(unknown.contains("column 5"), "{unknown}");
    assert!(refused(&spec("true", "1..1000000000")).contains("1000000000 are more"));
    assert!(refused(&spec("true", "0")).contains("there are none"));
    assert!(refused(&script("cat \"{item}\"")).contains("stands inside quotes"));
}
