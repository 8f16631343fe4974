use super::*;
use proptest::prelude::*;

fn direct(command: &str, item: &str) -> Vec<String> {
    Template::direct(command).expect("a good command").words(item, 7)
}

fn refused(template: Result<Template, InputError>) -> String {
    template.expect_err("it is refused").to_string()
}

#[test]
fn every_placeholder_stands_for_its_part_of_the_item() {
    let command = "p {item} {index} {folder} {name} {stem} {extension}";
    let parts = ["p", "in/a.b.jpg", "7", "in", "a.b.jpg", "a.b", "jpg"];
    assert_eq!(direct(command, "in/a.b.jpg"), parts);
    assert_eq!(direct(command, "a"), ["p", "a", "7", ".", "a", "a", ""]);
    assert_eq!(PLACEHOLDERS.len(), command.matches('{').count());
}

#[test]
fn an_item_is_one_argument_whatever_is_in_it() {
    let item = "a b'c\"d $HOME `x` *;";
    assert_eq!(direct("p -o={item} 'x y'", item), ["p", &format!("-o={item}"), "x y"]);
    // What stands for one placeholder is not looked through for others.
    assert_eq!(direct("p {item}", "{index}"), ["p", "{index}"]);
}

#[test]
fn what_is_run_is_shown_as_one_would_type_it() {
    let shown = |template: Result<Template, InputError>| {
        template.expect("a good command").shown("in/a b.jpg", 7)
    };
    assert_eq!(
        shown(Template::direct("p -r 1 out/{index}.png {item}")),
        "p -r 1 out/7.png 'in/a b.jpg'"
    );
    assert_eq!(
        shown(Template::shell("p {item} | q")),
        "sh -c 'paceline_item=$1; p \"${paceline_item}\" | q' sh 'in/a b.jpg'"
    );
}

#[test]
fn braces_that_are_no_placeholder_stand_for_themselves() {
    assert_eq!(direct("awk '{print $1}' {item}", "f")[1], "{print $1}");
    assert_eq!(
        direct("p {{item}} x{{y}}z {A} {1} { {x", "f")[1..],
        ["{item}", "x{y}z", "{A}", "{1}", "{", "{x"]
    );
    assert_eq!(direct("p {{{item}}}", "f")[1], "{{item}}");
    // As `find` and `xargs` have them.
    assert_eq!(direct("p {} {{}} {}{item}{}", "f")[1..], ["{}", "{{}}", "{}f{}"]);
    assert_eq!(direct("p ü{item}ü", "ä")[1], "üäü");
}

#[test]
fn an_unknown_placeholder_is_refused_with_its_column_and_what_there_is() {
    let error = refused(Template::direct("convért {itm} x"));
    assert_eq!(
        error,
        "read `convért {itm} x`: unknown placeholder `{itm}` at column 9; there are {item}, \
         {index}, {folder}, {name}, {stem}, {extension}, and `{{itm}}` stands for the text `{itm}`"
    );
    assert!(refused(Template::shell("p; q {x}")).contains("`{x}` at column 6"));
}

#[test]
fn nothing_and_what_is_not_finished_are_refused() {
    assert_eq!(refused(Template::direct("  ")), "read the command: it is empty");
    assert_eq!(refused(Template::shell("\n ")), "read the command: it is empty");
    assert!(refused(Template::direct("p 'x")).contains("a quote is not closed"));
}

fn misplaced(script: &str) -> Option<String> {
    Template::shell(script).err().map(|error| error.to_string())
}

#[test]
fn a_placeholder_inside_quotes_of_a_shell_is_refused_with_its_column() {
    let quoted = misplaced;
    assert!(
        quoted("p \"{item}\"").is_some_and(|e| e.contains("`{item}` at column 4 stands inside"))
    );
    assert!(
        quoted("p 'a' '\\' {item} 'é{stem}'").is_some_and(|e| e.contains("`{stem}` at column 20"))
    );
    assert_eq!(quoted("p \\\"{item} \"a\\\"b\" 'c\"' {item}"), None);
    assert_eq!(quoted("awk '{print $1}' {item}"), None);
}

#[test]
fn what_depends_on_the_item_is_told_apart() {
    let of = |command: &str| {
        let template = Template::direct(command).expect("a good command");
        (template.has_placeholder(), template.has_open_program())
    };
    assert_eq!(of("true"), (false, false));
    assert_eq!(of("cat {item}"), (true, false));
    assert_eq!(of("bin/{item} x"), (true, true));
}

#[test]
fn braces_that_stand_for_themselves_and_quotes_in_comments_are_no_reason_to_refuse_a_script() {
    let script =
        |script: &str| Template::shell(script).expect("a good script").script().map(str::to_owned);
    assert_eq!(script("p \"{{item}}\" ${{item}}").as_deref(), Some("p \"{item}\" ${item}"));
    assert_eq!(misplaced("# don't\np {item} #'\n;#'\np {stem}"), None);
    // None of these is a comment.
    for not_a_comment in ["p a#'b\n{item}", "p \\ #'\n{item}", "p \\#'\n{item}"] {
        assert!(misplaced(not_a_comment).is_some(), "{not_a_comment}");
    }
    assert_eq!(Template::direct("p {item}").expect("a good command").script(), None);
}

#[test]
fn a_placeholder_that_a_dollar_or_a_backslash_would_change_is_refused_with_the_reason() {
    let of = |script: &str| misplaced(script).expect("it is refused");
    assert_eq!(
        of("echo ${item}"),
        "read the command `echo ${item}`: `{item}` at column 7 stands right behind `$`, as a variable of \
         the shell does; that is written `${{item}}`"
    );
    assert!(of("echo \"${stem}\"").contains("stands right behind `$`"));
    assert!(of("echo \\{item}").contains("`{item}` at column 7 stands right behind a backslash"));
    assert_eq!(misplaced("echo '$'{item} $x{item}"), None);
}

#[test]
fn a_shell_reads_the_same_whatever_the_item_is_called() {
    let template = Template::shell("p {item} {index} {item}.{stem}").expect("a good script");
    let [one, other] = ["a", "$(b)"].map(|item| template.words(item, 7));
    assert_eq!(one[..4], other[..4]);
    assert_eq!(one[2], template.script().expect("a script"));
    // Each placeholder is a parameter once, in the order in which they come.
    assert_eq!(one[4..], ["a", "7", "a"]);
    assert_eq!(other[4..], ["$(b)", "7", "$(b)"]);
}

#[cfg(unix)]
mod with_a_shell {
    use std::path::Path;
    use std::process::Command;

    use super::*;

    /// What a script writes for an item, in a folder.
    fn written(script: &str, item: &str, folder: &Path) -> String {
        let words = Template::shell(script).expect("a good script").words(item, 7);
        let mut command = Command::new(&words[0]);
        let output = command.args(&words[1..]).current_dir(folder).output().expect("there is sh");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[test]
    fn nothing_in_an_items_name_is_ever_a_command() {
        let scripts = [
            "cat <<E\n{item}\nE",
            "cat <<'E'\n{item}\nE",
            "cat <<E\n`echo {item}`\nE",
            "true # {item}",
            "# don't\necho {item} # isn't\necho 'x'{item}",
            "# it's\necho '{{x}}'{item}''",
            "echo `echo {item}` $(echo {item}) `echo \\`echo {item}\\``",
            "echo {item}{item}x{item}",
            "case {item} in {item}) echo {item};; esac",
            "for file in {item}; do echo {item}; done; f() { echo {item}; }; f $(f)",
        ];
        let names = [
            "$(touch ran)",
            "`touch ran`",
            "\ntouch ran\n",
            "'; touch ran; '",
            "\"; touch ran; \"",
        ];
        let more = [
            "E\ntouch ran\n",
            "; touch ran #",
            "x) touch ran;;",
            "\\`touch ran\\`",
            "$(\ntouch ran)'\"",
        ];
        let folder = tempfile::tempdir().expect("a temporary folder");
        for script in scripts {
            for name in names.iter().chain(&more) {
                written(script, name, folder.path());
                assert!(!folder.path().join("ran").exists(), "{script:?} has run {name:?}");
            }
        }
    }

    #[test]
    fn a_value_is_the_items_own_also_where_a_script_has_parameters_of_its_own() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let written = |script: &str| written(script, "a  b", folder.path());
        assert_eq!(written("f() { printf %s, $1 {item}; }; f x; set -- y; f z"), "x,a  b,z,a  b,");
        assert_eq!(written("printf %s, $(({index} + 1)) {index}0"), "8,70,");
        let all = "printf '<%s>' {item} {index} {folder} {name} {stem} {extension}";
        assert_eq!(written(all), "<a  b><7><.><a  b><a  b><>");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_takes_every_item_for_one_word(item in "[^\0]{1,12}") {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let script = "printf '%s.' {item} x{item}y";
            prop_assert_eq!(written(script, &item, folder.path()), format!("{item}.x{item}y."));
        }
    }
}
