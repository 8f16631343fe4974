use super::*;

/// A file without faults, up to its rows.
const HEAD: &str = "\
format = 1
title = \"t\"
[scales.quick]
about = \"a\"
[workloads.noop]
params = { items = 5 }
";

const ROW: &str = "[[rows]]\nname = \"n\"\nworkload = \"noop\"\nexecutor = \"seq\"\nwidth = 1\n";

fn faults_of(text: &str) -> Vec<String> {
    let source = Source { place: "m.toml".to_owned(), text: text.to_owned() };
    let (matrix, mut faults) = read::read(source);
    faults.extend(matrix.unknown_names());
    faults.extend(matrix.bad_names(&[]));
    if faults.is_empty() {
        return Vec::new();
    }
    let told = matrix.source.refusal(faults).to_string();
    told.lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

/// The faults of a file with these rows, which begin in its line 7.
fn with_rows(rows: &str) -> Vec<String> {
    faults_of(&format!("{HEAD}{rows}"))
}

#[test]
fn a_good_file_has_no_faults() {
    assert_eq!(with_rows(ROW), [""; 0]);
    let many = ROW.replace("\"n\"", "\"{width} {batch} {executor}\"");
    assert_eq!(
        with_rows(&many.replace("width = 1", "width = [1, 0x8, \"items\"]\nbatch = [1, 2]")),
        [""; 0]
    );
}

#[test]
fn every_fault_is_told_with_line_and_column_in_the_order_of_the_file() {
    let rows = "[[rows]]\nname = \"n {color}\"\nworkload = \"nope\"\nexecutor = 3\nwidht = 1\nwidth = [1, 0, \"all\"]\nbatch = 0\n";
    let expected = [
        "m.toml:8:8: unknown placeholder `{color}`; a name knows {executor}, {width}, {batch}",
        "m.toml:9:12: no workload `nope` in this file; it has noop",
        "m.toml:10:12: `executor` is a text; this is 3",
        "m.toml:11:1: unknown key `widht`; a row knows name, workload, executor, width, batch",
        "m.toml:12:13: a width is a number from 1 or \"items\"; this is 0",
        "m.toml:12:16: a width is a number from 1 or \"items\"; this is \"all\"",
        "m.toml:13:9: a batch is a number from 1; this is 0",
    ];
    assert_eq!(with_rows(rows), expected);
}

#[test]
fn what_is_missing_is_told_at_the_table_that_lacks_it() {
    let expected = ["name", "workload", "executor", "width"]
        .map(|key| format!("m.toml:7:1: a row lacks its `{key}`"));
    let mut told = with_rows("[[rows]]\n");
    told.sort();
    let mut sorted = expected.to_vec();
    sorted.sort();
    assert_eq!(told, sorted);
    let nothing = faults_of("");
    for key in ["format", "title", "scales", "workloads", "rows"] {
        assert!(
            nothing.contains(&format!("m.toml:1:1: the file lacks its `{key}`")),
            "{nothing:?}"
        );
    }
}

#[test]
fn another_format_and_a_wrong_type_are_told_together() {
    let text = format!("{HEAD}{ROW}").replace("format = 1", "format = 2");
    let text = text.replace("about = \"a\"", "about = [1]\nimages = \"huge\"");
    let expected = [
        "m.toml:1:10: its format is version 2, this build reads 1",
        "m.toml:4:9: `about` is a text; this is of type array",
        "m.toml:5:10: `images` is \"quick\" or \"seed\"; this is \"huge\"",
    ];
    assert_eq!(faults_of(&text), expected);
    for group in ["\"zzz\"", "\"IO\"", "\"\""] {
        let text = format!("{HEAD}group = {group}\n{ROW}");
        let told = format!("m.toml:7:9: `group` is \"io\" or \"cpu\"; this is {group}");
        assert_eq!(faults_of(&text), [told]);
    }
}

#[test]
fn parameters_of_a_scale_that_does_not_exist_and_parameters_that_are_lists_are_told() {
    let text = format!("{HEAD}scales.huge = {{ items = [1] }}\n{ROW}");
    let expected = [
        "m.toml:7:8: no scale `huge` in this file; it has quick",
        "m.toml:7:25: a parameter is a text, a number, true or false; this is of type array",
    ];
    assert_eq!(faults_of(&text), expected);
}

#[test]
fn errors_of_syntax_are_told_alone() {
    let told = with_rows("[[rows]]\nname = \nwidth = 1 2\nunknown = 1\n");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("m.toml:8:") && told[0].contains("no TOML"), "{told:?}");
    assert!(told[1].starts_with("m.toml:9:") && told[1].contains("no TOML"), "{told:?}");
}

#[test]
fn two_rows_of_one_name_are_told_with_both_places() {
    let told = with_rows(&format!("{ROW}{ROW}"));
    assert_eq!(told, ["m.toml:13:8: two rows are named `n`; the other stands in line 8, column 8"]);
    let told = with_rows(&ROW.replace("width = 1", "width = [1, 2]"));
    assert!(told[0].contains("needs {executor}, {width}, {batch} in its name"), "{told:?}");
}

#[test]
fn a_list_that_repeats_a_value_is_told_where_it_does_and_not_as_rows_of_one_name() {
    let named = ROW.replace("\"n\"", "\"{width} {batch}\"");
    let lists = "width = [1, 2, 0x1, \"items\", \"items\"]\nbatch = [5, 5]";
    let expected = [
        "m.toml:11:16: this list has 1 already, and no row is run twice",
        "m.toml:11:30: this list has items already, and no row is run twice",
        "m.toml:12:13: this list has 5 already, and no row is run twice",
    ];
    assert_eq!(with_rows(&named.replace("width = 1", lists)), expected);
}

#[test]
fn a_name_that_no_journal_takes_is_told_by_its_beginning() {
    let told = with_rows(&ROW.replace("\"n\"", &format!("\"{}\"", "long ".repeat(1000))));
    assert!(told[0].starts_with("m.toml:8:8: the name of row `long long"), "{told:?}");
    assert!(told[0].len() < 200, "{told:?}");
    let told = with_rows(&ROW.replace("\"n\"", "\" \""));
    assert_eq!(told, ["m.toml:8:8: a row needs a name that can be seen"]);
}

#[test]
fn columns_count_characters_and_not_bytes() {
    let rows =
        "rows = [{ name = \"\u{e9}\", x = 1, workload = \"noop\", executor = \"seq\", width = 1 }]";
    let told = faults_of(&format!("{rows}\n{HEAD}"));
    assert!(told[0].starts_with("m.toml:1:23: unknown key `x`"), "{told:?}");
}

#[test]
fn parameters_follow_the_scale_and_keep_their_text() {
    let text = format!(
        "{HEAD}scales.quick = {{ wait = 1_000, exact = true, share = 0.5, where = \"a\" }}\n{ROW}"
    );
    let (matrix, faults) = read::read(Source { place: "m.toml".to_owned(), text });
    assert_eq!(faults, []);
    let params = matrix.workloads["noop"].params("quick");
    let text = |name: &str| params[name].as_str();
    assert_eq!(
        (text("items"), text("wait"), text("exact"), text("share"), text("where")),
        ("5", "1000", "true", "0.5", "a")
    );
}

#[test]
#[cfg(unix)]
fn a_device_is_no_matrix() {
    let refused = Matrix::load("/dev/null").unwrap_err();
    assert!(refused.is::<Usage>());
    let reason = "read the matrix /dev/null: it is a character device, not a regular file";
    assert_eq!(refused.to_string(), reason);
}
