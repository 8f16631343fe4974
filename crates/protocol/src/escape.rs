//! Text from files and other processes, made fit to print.

/// A name on one line. A newline in it would break the table, and an escape sequence the terminal. A character
/// that turns the direction of writing would turn the text behind the name.
#[must_use]
pub fn name(name: &str) -> String {
    let shown = |character: char| match is_hidden(character) {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    };
    name.chars().map(shown).collect()
}

/// A text of several lines, each as [`name`] has it.
#[must_use]
pub fn lines(text: &str) -> String {
    text.split('\n').map(name).collect::<Vec<_>>().join("\n")
}

/// Control characters, line and paragraph separators, marks of the Unicode bidirectional algorithm
/// (UAX 9), and the two characters that XML does not have.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
        || matches!(character, '\u{fffe}' | '\u{ffff}')
}
