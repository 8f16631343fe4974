//! Pure edits of text that people wrote: each adds what is asked for and leaves every other byte alone.
//!
//! An edit finds its place by lines that it names. A file that was rearranged so that they are gone is an
//! error that names the line, never a guess.

use std::ops::Range;

use anyhow::{Context, Result};

/// Adds `lines` above the first line that begins with `closing`, whatever its indentation, under the
/// line that contains `opening`.
pub(super) fn above(text: &str, opening: &str, closing: &str, lines: &str) -> Result<String> {
    let opens = |line: &str| line.contains(opening);
    let closes = |line: &str| line.trim_start().starts_with(closing);
    let list = find_line(text, opens).with_context(|| missing(opening))?.end;
    let end = find_line(&text[list..], closes).with_context(|| missing(closing))?.start;
    Ok(with_lines_at(text, list + end, lines))
}

/// Adds `row` to a table, under the last line that begins with `prefix`.
pub(super) fn under_last_row(text: &str, prefix: &str, row: &str) -> Result<String> {
    let mut place = None;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if line.starts_with(prefix) {
            place = Some(end);
        }
    }
    Ok(with_lines_at(text, place.with_context(|| missing(prefix))?, row))
}

/// Adds `name` to the list in the line that begins with `row`, behind the last name with the prefix
/// `like`.
pub(super) fn into_row(text: &str, row: &str, like: &str, name: &str) -> Result<String> {
    let found = find_line(text, |line| line.starts_with(row)).with_context(|| missing(row))?;
    let line = &text[found.clone()];
    let last = line.rfind(like).with_context(|| missing(like))?;
    let length = line[last..].find([',', ' ', '\n']).unwrap_or(line.len() - last);
    let (before, after) = text.split_at(found.start + last + length);
    Ok(format!("{before}, {name}{after}"))
}

fn missing(what: &str) -> String {
    format!("find `{what}`")
}

/// Where the first line stands that `is_it`, with its line break.
fn find_line(text: &str, is_it: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    let mut end = 0;
    let mut lines = text.split_inclusive('\n').map(|line| {
        end += line.len();
        (line, end - line.len()..end)
    });
    lines.find(|(line, _)| is_it(line)).map(|(_, place)| place)
}

fn with_lines_at(text: &str, place: usize, lines: &str) -> String {
    let (before, after) = text.split_at(place);
    format!("{before}{lines}\n{after}")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The lines, with their numbers, that an edit added.
    pub(in crate::scaffold) fn added(before: &str, after: &str) -> Vec<(usize, String)> {
        let mut old = before.lines().peekable();
        let new = after.lines().enumerate();
        let added = new.filter(|(_, line)| old.next_if_eq(line).is_none());
        let added = added.map(|(number, line)| (number + 1, line.to_owned())).collect();
        assert_eq!(old.next(), None, "an edit only adds");
        added
    }

    #[test]
    fn lines_go_above_what_closes_a_list_and_not_above_an_earlier_one() {
        let text = "fn a() {\n    vec![\n    ]\n}\nfn b() {\n    vec![\n        one,\n    ]\n}\n";
        let edited = above(text, "fn b()", "]", "        two,").expect("added");
        assert_eq!(added(text, &edited), [(8, "        two,".to_owned())]);
    }

    #[test]
    fn a_row_goes_under_the_last_of_its_kind() {
        let text = "| a-1 | x |\n| a-2 | y |\n| b | z |\n\ntext about a-3\n";
        let edited = under_last_row(text, "| a-", "| a-3 | w |").expect("added");
        assert_eq!(added(text, &edited), [(3, "| a-3 | w |".to_owned())]);
    }

    #[test]
    fn a_name_goes_behind_the_last_like_it_in_its_row_alone() {
        let text = "| other | exec-a, exec-b |\n| worker | core, exec-a, exec-b, measure |\n";
        let added = into_row(text, "| worker |", "exec-", "exec-c").expect("added");
        let wanted =
            "| other | exec-a, exec-b |\n| worker | core, exec-a, exec-b, exec-c, measure |\n";
        assert_eq!(added, wanted);
        let last = into_row("| worker | exec-a |\n", "| worker |", "exec-", "exec-b");
        assert_eq!(last.expect("added"), "| worker | exec-a, exec-b |\n");
    }

    #[test]
    fn a_place_that_is_gone_is_named() {
        let gone = |result: Result<String>| format!("{:#}", result.expect_err("no place"));
        assert_eq!(gone(above("vec![\n", "vec![", "]", "x")), "find `]`");
        assert_eq!(gone(under_last_row("", "| a", "x")), "find `| a`");
        assert_eq!(gone(into_row("| w | none |\n", "| w |", "exec-", "x")), "find `exec-`");
    }
}
