//! A script for a shell in which placeholders stand for the item.
//!
//! A file can be called `$(rm -r ~)`, and only a shell knows for sure where in a script a name is a word and
//! where something else: there are comments, here-documents and backticks, and shells differ. So no name is
//! ever put into a script. The placeholders become variables, which the script's first words set from the
//! parameters that it is called with; a shell does not read their values. What is looked at here, the quotes
//! around a placeholder, tells users of a mistake and protects nobody.

use crate::placeholder::{Misplaced, PLACEHOLDERS, Piece};

/// What a shell is given.
pub(crate) struct Script {
    /// What it reads. The same for all items.
    pub(crate) text: String,
    /// The placeholders whose values are its parameters, `$1` first.
    pub(crate) values: Vec<Piece>,
}

/// A placeholder by its position in [`PLACEHOLDERS`], the byte at which it begins, and what is wrong there.
pub(crate) type Refused = (usize, usize, Misplaced);

/// Puts variables in the place of placeholders.
///
/// # Errors
///
/// Where a placeholder stands at which a variable would not be a word of the shell or a part of one.
pub(crate) fn read(pieces: &[Piece]) -> Result<Script, Refused> {
    let (mut text, mut values) = (String::new(), Vec::<Piece>::new());
    let mut syntax = Syntax::default();
    for piece in pieces {
        match piece {
            Piece::Text(part) => {
                part.chars().for_each(|character| syntax.read(character));
                text += part;
            }
            Piece::Placeholder { which, at } => {
                syntax.refuse(&text).map_err(|misplaced| (*which, *at, misplaced))?;
                let is_it = |value: &Piece| matches!(value, Piece::Placeholder { which: other, .. } if other == which);
                if !values.iter().any(is_it) {
                    values.push(piece.clone());
                }
                text += &in_script(*which);
                syntax.word_begins = false;
            }
        }
    }
    Ok(Script { text: assignments(&values) + &text, values })
}

/// The words that give variables their values, in the script's own first line so that a shell counts lines as
/// the user does. Parameters themselves would be others in a function, and behind `set` and `shift`.
fn assignments(values: &[Piece]) -> String {
    let variables = values.iter().filter_map(|value| match value {
        Piece::Placeholder { which, .. } => Some(variable(*which)),
        Piece::Text(_) => None,
    });
    let set: Vec<String> =
        (1..).zip(variables).map(|(number, variable)| format!("{variable}=${number}")).collect();
    if set.is_empty() { String::new() } else { set.join(" ") + "; " }
}

/// The variable in which a placeholder's value is: `paceline_item`, a name that no script has by chance.
fn variable(which: usize) -> String {
    format!("paceline_{}", PLACEHOLDERS[which].trim_matches(['{', '}']))
}

/// What stands in a script for a placeholder. Quotes keep its value one word. A number is one without them,
/// and so can be computed with, as in `$(({index} + 1))`.
fn in_script(which: usize) -> String {
    match PLACEHOLDERS[which] {
        "{index}" => format!("${{{}}}", variable(which)),
        _ => format!("\"${{{}}}\"", variable(which)),
    }
}

/// How a shell understands the place up to which a script was read, as far as quotes and comments go.
struct Syntax {
    quote: Option<char>,
    is_escaped: bool,
    is_comment: bool,
    /// Whether a word can begin here, and with it a comment.
    word_begins: bool,
}

impl Default for Syntax {
    fn default() -> Self {
        Self { quote: None, is_escaped: false, is_comment: false, word_begins: true }
    }
}

impl Syntax {
    fn read(&mut self, character: char) {
        if self.is_comment {
            self.is_comment = character != '\n';
            self.word_begins = true;
            return;
        }
        let was_escaped = std::mem::take(&mut self.is_escaped);
        match (self.quote, character) {
            _ if was_escaped => {}
            (None | Some('"'), '\\') => self.is_escaped = true,
            (None, '\'' | '"') => self.quote = Some(character),
            (None, '#') if self.word_begins => self.is_comment = true,
            (Some(open), character) if open == character => self.quote = None,
            _ => {}
        }
        let ends_words = character.is_whitespace() || ";&|()`".contains(character);
        self.word_begins = self.quote.is_none() && !was_escaped && ends_words;
    }

    /// Whether a placeholder can stand behind `text`, which was read.
    fn refuse(&self, text: &str) -> Result<(), Misplaced> {
        match text.chars().next_back() {
            Some('$') => Err(Misplaced::BehindDollar),
            Some('\\') => Err(Misplaced::BehindBackslash),
            _ if self.quote.is_some() => Err(Misplaced::InQuotes),
            _ => Ok(()),
        }
    }
}
