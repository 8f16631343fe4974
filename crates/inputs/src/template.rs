//! A command, or the path of a URL, in which placeholders stand for the item.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::InputError;
use crate::placeholder::{PLACEHOLDERS, Piece};
use crate::script;

/// What a part of a path may have as it stands: what RFC 3986 calls unreserved, and the `/`, so that an
/// item can be a path of its own.
const IN_A_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A command, or a path of a URL, in which [`PLACEHOLDERS`] stand for the item. `{{item}}` stands for the text `{item}`, and
/// braces around anything but a word of small letters for themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The program and its arguments, at least one.
    words: Vec<Word>,
    form: Form,
}

/// What the words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A program and its arguments.
    Direct,
    /// `sh -c`, a script without placeholders, and the values that it takes.
    Script,
    /// A path or query of a URL.
    Path,
}

/// A word of the command: an argument of its own whatever stands for its placeholders.
type Word = Vec<Piece>;

impl Template {
    /// A command that is run as it stands: the first word names a program, the others are its
    /// arguments. Words are split, and quoted, as in a shell; nothing else of a shell is known.
    ///
    /// # Errors
    ///
    /// When there is no word, a quote is not closed, or a placeholder is unknown.
    pub fn direct(command: &str) -> Result<Self, InputError> {
        let words = shlex::split(command)
            .ok_or_else(|| InputError::Unfinished { command: command.to_owned() })?;
        if words.is_empty() {
            return Err(InputError::NoProgram);
        }
        let parsed = words.iter().map(|word| {
            pieces(word).map_err(|unknown| unknown_placeholder(command, unknown.placeholder))
        });
        Ok(Self { words: parsed.collect::<Result<_, _>>()?, form: Form::Direct })
    }

    /// A script for `sh -c`, which finds in variables what stands for its placeholders: no text of an item is
    /// part of what the shell reads.
    ///
    /// # Errors
    ///
    /// When there is nothing in it, a placeholder is unknown, or one stands where the shell would not take it
    /// for a word, or a part of one: inside quotes, or right behind a `$` or a backslash.
    pub fn shell(script: &str) -> Result<Self, InputError> {
        if script.trim().is_empty() {
            return Err(InputError::NoProgram);
        }
        let pieces =
            pieces(script).map_err(|unknown| unknown_placeholder(script, unknown.placeholder))?;
        let script = script::read(&pieces).map_err(|(which, at, misplaced)| {
            let (command, column) = (script.to_owned(), column(script, at));
            let placeholder = PLACEHOLDERS[which].to_owned();
            InputError::MisplacedPlaceholder { command, placeholder, column, misplaced }
        })?;
        let text = |text: &str| vec![Piece::Text(text.to_owned())];
        let mut words = vec![text("sh"), text("-c"), text(&script.text), text("sh")];
        words.extend(script.values.into_iter().map(|value| vec![value]));
        Ok(Self { words, form: Form::Script })
    }

    /// The path of a URL with its query, which is one word. What stands for a placeholder is
    /// percent-encoded, save letters, digits and `-._~/`.
    ///
    /// # Errors
    ///
    /// When a placeholder is unknown.
    pub fn path(path: &str) -> Result<Self, InputError> {
        let word =
            pieces(path).map_err(|unknown| unknown_placeholder(path, unknown.placeholder))?;
        Ok(Self { words: vec![word], form: Form::Path })
    }

    /// Whether there is a placeholder at all. Without one, every item runs the same.
    #[must_use]
    pub fn has_placeholder(&self) -> bool {
        self.words.iter().any(is_open)
    }

    /// Whether the program depends on the item.
    #[must_use]
    pub fn has_open_program(&self) -> bool {
        self.words.first().is_some_and(is_open)
    }

    /// What a shell reads of it, which is the same for all items; `None` where no shell runs it.
    #[must_use]
    pub fn script(&self) -> Option<&str> {
        match self.words.get(2).map(Vec::as_slice) {
            Some([Piece::Text(script)]) if self.form == Form::Script => Some(script),
            _ => None,
        }
    }

    /// The program and its arguments for the item `item`, which is number `index`.
    #[must_use]
    pub fn words(&self, item: &str, index: u32) -> Vec<String> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Placeholder { which, .. } => {
                let value = value(*which, item, index);
                match self.form {
                    Form::Direct | Form::Script => value,
                    Form::Path => utf8_percent_encode(&value, IN_A_PATH).to_string(),
                }
            }
        };
        self.words.iter().map(|word| word.iter().map(piece).collect()).collect()
    }

    /// What is run for the item `item`, number `index`, as one would type it: words that are not plain are
    /// quoted.
    #[must_use]
    pub fn shown(&self, item: &str, index: u32) -> String {
        let words = self.words(item, index);
        // Only a NUL cannot be quoted, and no program can be started with one.
        shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "))
    }
}

fn is_open(word: &Word) -> bool {
    word.iter().any(|piece| matches!(piece, Piece::Placeholder { .. }))
}

/// What stands for a placeholder.
fn value(which: usize, item: &str, index: u32) -> String {
    let path = Path::new(item);
    let part = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
    };
    match PLACEHOLDERS[which] {
        "{item}" => item.to_owned(),
        "{index}" => index.to_string(),
        "{folder}" => match part(path.parent().map(Path::as_os_str)) {
            folder if folder.is_empty() => ".".to_owned(),
            folder => folder,
        },
        "{name}" => part(path.file_name()),
        "{stem}" => part(path.file_stem()),
        _ => part(path.extension()),
    }
}

/// A placeholder that stands for nothing.
struct Unknown {
    placeholder: String,
}

fn pieces(text: &str) -> Result<Word, Unknown> {
    let mut word = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(open) = rest.find('{') {
        plain.push_str(&rest[..open]);
        rest = &rest[open..];
        if let Some(doubled) = rest.strip_prefix('{').and_then(braced)
            && rest[1 + doubled.len()..].starts_with('}')
        {
            plain.push_str(doubled);
            rest = &rest[doubled.len() + 2..];
        } else if let Some(placeholder) = braced(rest) {
            let which = PLACEHOLDERS.iter().position(|known| *known == placeholder);
            let which = which.ok_or_else(|| Unknown { placeholder: placeholder.to_owned() })?;
            if !plain.is_empty() {
                word.push(Piece::Text(std::mem::take(&mut plain)));
            }
            word.push(Piece::Placeholder { which, at: text.len() - rest.len() });
            rest = &rest[placeholder.len()..];
        } else {
            plain.push('{');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        word.push(Piece::Text(plain));
    }
    Ok(word)
}

/// The braces at the start of `text` with the small letters between them, if that is what is there.
fn braced(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('{')?;
    let letters = inside.find(|letter: char| !(letter.is_ascii_lowercase() || letter == '_'))?;
    (letters > 0 && inside[letters..].starts_with('}')).then(|| &text[..letters + 2])
}

fn unknown_placeholder(command: &str, placeholder: String) -> InputError {
    // Quotes may have stood between its letters; then the place is that of the whole.
    let at = command.find(&placeholder).unwrap_or(0);
    InputError::UnknownPlaceholder {
        command: command.to_owned(),
        placeholder,
        column: column(command, at),
    }
}

fn column(text: &str, at: usize) -> usize {
    text[..at].chars().count() + 1
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
