//! Turns what was typed into a list of items.

use std::path::Path;

use anyhow::Result;
use paceline_inputs::{InputError, Items};

use super::pattern::{is_pattern, matching};
use super::{text_of, usage};
use crate::usage::Usage;

/// What a list begins with that is settled already.
const LIST: &str = "list: ";

/// The items that `text` names: numbers, or a list of words, patterns and ranges with commas between.
/// Patterns are matched in `directory`, and what they match keeps the form in which it was asked for.
///
/// # Errors
///
/// [`Usage`] for each part that cannot be used.
pub(super) fn resolve(text: &str, directory: &Path) -> Result<Items, Vec<anyhow::Error>> {
    let alone = |error| vec![usage(error)];
    // A list that is settled already, or a single range: neither is made of parts.
    match text.parse() {
        Err(InputError::NotItems { .. }) if !text.starts_with(LIST) => {}
        settled => return settled.map_err(alone),
    }
    if text.trim().is_empty() {
        return Err(alone(InputError::NoItems { text: text.to_owned() }));
    }
    let mut words = Vec::new();
    let parts = text.split(',').map(str::trim);
    let refused: Vec<anyhow::Error> =
        parts.filter_map(|part| add(part, directory, &mut words).err()).collect();
    if refused.is_empty() { Items::list(words).map_err(alone) } else { Err(refused) }
}

/// Adds what one part of a list names.
fn add(part: &str, directory: &Path, words: &mut Vec<String>) -> Result<()> {
    if is_pattern(part) {
        matches(part, directory, words)?;
    } else if is_like_a_range(part) {
        let no_range = || Err(InputError::NotItems { text: part.to_owned() });
        let range = Items::range(part).unwrap_or_else(no_range).map_err(usage)?;
        words.extend(range.iter().map(|number| number.into_owned()));
    } else if part.matches('{').count() != part.matches('}').count() {
        let why = "braces make no list here; name one after the other, with commas between";
        return Err(Usage::new(format!("read the items `{part}`: {why}")).into());
    } else {
        words.push(part.to_owned());
    }
    Ok(())
}

/// Adds the paths that match `pattern` in alphabetical order.
fn matches(pattern: &str, directory: &Path, words: &mut Vec<String>) -> Result<()> {
    let refuse = |why: String| Usage::new(format!("match the items `{pattern}`: {why}"));
    let found = matching(pattern, directory, Items::MOST as usize).map_err(refuse)?;
    if found.is_empty() {
        return Err(refuse(format!("nothing matches in {}", directory.display())).into());
    }
    for path in found {
        words.push(text_of(&path)?);
    }
    Ok(())
}

/// Whether a part looks like a range. `1..` is hardly ever the name of an item, and more likely a slip.
fn is_like_a_range(part: &str) -> bool {
    let of_a_range = |letter: char| letter.is_ascii_digit() || ".=-+".contains(letter);
    part.contains("..")
        && part.contains(|c: char| c.is_ascii_digit())
        && part.chars().all(of_a_range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("in")).expect("made");
        for name in ["in/b.jpg", "in/a c.jpg", "in/.hidden.jpg", "x.png"] {
            std::fs::write(folder.path().join(name), "").expect("written");
        }
        let items = resolve(text, folder.path()).map_err(|refused| {
            let reasons: Vec<String> = refused.iter().map(ToString::to_string).collect();
            reasons.join("\n")
        })?;
        Ok(items.iter().map(|item| item.into_owned()).collect())
    }

    fn items(text: &str) -> Vec<String> {
        resolved(text).expect("good items")
    }

    #[test]
    fn numbers_lists_and_patterns_are_told_apart_and_mixed() {
        assert_eq!(items("1..3"), ["1", "2", "3"]);
        assert_eq!(items("2"), ["1", "2"]);
        assert_eq!(items("b, a,2"), ["b", "a", "2"]);
        assert_eq!(items("in/*.jpg"), ["in/a c.jpg", "in/b.jpg"]);
        assert_eq!(items("x.png,*/b.*,7..8"), ["x.png", "in/b.jpg", "7", "8"]);
        assert_eq!(items("list: 'in/a c.jpg' 1..3"), ["in/a c.jpg", "1..3"]);
    }

    #[test]
    fn what_names_no_items_is_refused_with_the_reason() {
        let refused = |text: &str| resolved(text).expect_err("it is refused");
        assert!(refused("*.gif").starts_with("match the items `*.gif`: nothing matches in"));
        assert!(refused("in/a,***").contains("`***`") && refused("in/[").contains("character 4"));
        let each = refused("*.gif,in/*.jpg,*.bmp,9..8");
        assert_eq!(each.lines().count(), 3, "{each}");
        assert!(each.contains("`*.gif`") && each.contains("`*.bmp`") && each.contains("`9..8`"));
        assert!(refused("").contains("there are none"));
        for range in ["1..", "..5", "1..=5", "1...5", "-1..5", "1..-5"] {
            assert!(refused(range).contains("no range such as 1..50"), "{range}");
        }
        assert_eq!(items("..,../1,a..b"), ["..", "../1", "a..b"]);
        assert!(refused("in/{a,b}.jpg").contains("`in/{a`: braces make no list"));
        assert!(refused("*.{a,b}").contains("`b}`: braces make no list"));
        assert!(refused("list: 'a").contains("no list"));
        assert!(refused("a,,b").contains("number 2 of the list is empty"));
        assert!(refused("1..1000000000").contains("1000000000 are more than"));
        assert!(refused("a,1..1000000000").contains("1000000000 are more than"));
    }
}
