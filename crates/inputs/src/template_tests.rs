use super::*;
use proptest::prelude::*;

fn direct(command: &str, item: &str) -> Vec<String> {
    Template::direct(command).expect("a good command").words(item, 7)
}

fn shell(script: &str, item: &str) -> String {
    let words = Template::shell(script).expect("a good script").words(item, 7);
    assert_eq!(words[..2], ["sh", "-c"]);
    words[2].clone()
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
    assert_eq!(shown(Template::shell("p {item} | q")), "p 'in/a b.jpg' | q");
}

#[test]
fn braces_that_are_no_placeholder_stand_for_themselves() {
    assert_eq!(direct("awk '{print $1}' {item}", "f")[1], "{print $1}");
    assert_eq!(
        direct("p {{item}} x{{y}}z {A} {1} { {x", "f")[1..],
        ["{item}", "x{y}z", "{A}", "{1}", "{", "{x"]
    );
    assert_eq!(direct("p {{{item}}}", "f")[1], "{{item}}");
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
    assert!(refused(Template::direct("p {}")).contains("`{}` at column 3"));
    assert!(refused(Template::shell("p; q {x}")).contains("`{x}` at column 6"));
}

#[test]
fn nothing_and_what_is_not_finished_are_refused() {
    assert_eq!(refused(Template::direct("  ")), "read the command: it is empty");
    assert_eq!(refused(Template::shell("\n ")), "read the command: it is empty");
    assert!(refused(Template::direct("p 'x")).contains("a quote is not closed"));
}

#[test]
fn a_placeholder_inside_quotes_of_a_shell_is_refused_with_its_column() {
    let quoted = |script: &str| Template::shell(script).err().map(|error| error.to_string());
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

proptest! {
    #[test]
    fn a_shell_takes_every_item_for_one_word(item in "[^\0]{1,12}") {
        let script = shell("p {item} x{item}", &item);
        let words = shlex::split(&script).expect("a good script");
        prop_assert_eq!(words, ["p".to_owned(), item.clone(), format!("x{item}")]);
    }
}
