//! How text is made to fit a line.

use anstyle::{AnsiColor, Effects, Style};
use textwrap::{Options, WordSplitter};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::cell::name;
use crate::screen::Screen;

/// How wide prose is where nothing limits it.
pub(crate) const PROSE_WIDTH: usize = 100;

/// How many columns of characters the widest line of `text` takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// `text` as a paragraph that is easy to read, on a line that may be narrow.
pub(crate) fn prose(text: &str, line: Option<usize>) -> String {
    filled(text, Options::new(line.unwrap_or(PROSE_WIDTH).clamp(1, PROSE_WIDTH)))
}

/// `text` as a paragraph whose lines all begin with so many blanks.
#[must_use]
pub fn indented(text: &str, blanks: usize) -> String {
    let indent = " ".repeat(blanks);
    let options = Options::new(PROSE_WIDTH).initial_indent(&indent);
    filled(text, options.subsequent_indent(&indent))
}

/// The lines of `text`, each broken where it is wider than `line`; what is carried over is indented
/// below it.
pub(crate) fn fitted(text: &str, line: Option<usize>) -> String {
    let Some(limit) = line else { return text.to_owned() };
    let broken = text.split_inclusive('\n').map(|whole| {
        let (content, end) = match whole.strip_suffix('\n') {
            Some(content) => (content, "\n"),
            None => (whole, ""),
        };
        if width(content) <= limit {
            return whole.to_owned();
        }
        let blanks = content.len() - content.trim_start().len();
        let indent = " ".repeat(blanks);
        let more = " ".repeat((blanks + 2).min(limit / 2));
        let options = Options::new(limit).initial_indent(&indent).subsequent_indent(&more);
        filled(content.trim_start(), options) + end
    });
    broken.collect()
}

/// What makes numbers doubtful, a line each, above them.
pub(crate) fn careful(caveats: &[String], screen: Screen) -> String {
    const WORD: &str = "Careful:";
    let style = match screen.color {
        true => AnsiColor::Yellow.on_default() | Effects::BOLD,
        false => Style::new(),
    };
    let shown = |caveat: &String| {
        let line = fitted(&format!("{WORD} {}.\n", name(caveat)), screen.width);
        line.replacen(WORD, &format!("{style}{WORD}{style:#}"), 1)
    };
    caveats.iter().map(shown).collect()
}

/// A text of at most so many columns of characters: a longer one loses its end, which is said.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 0;
    for character in text.chars() {
        taken += character.width().unwrap_or(0);
        if taken > limit {
            break;
        }
        kept.push(character);
    }
    let left = text.chars().count() - kept.chars().count();
    format!("{}... ({left} characters more)", kept.trim_end())
}

/// Breaks only at blanks, so that a run's id or a path can be copied, and not between a number and its unit.
fn filled(text: &str, options: Options<'_>) -> String {
    const TIED: char = '\u{e000}';
    let options = options.word_splitter(WordSplitter::NoHyphenation);
    let mut tied = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let is_tie = character == ' ' && is_between_number_and_unit(&text[..at], &text[at + 1..]);
        tied.push(if is_tie { TIED } else { character });
    }
    textwrap::fill(&tied, options).replace(TIED, " ")
}

fn is_between_number_and_unit(before: &str, after: &str) -> bool {
    let unit = after.split(|c: char| !(c.is_alphabetic() || c == '%')).next();
    before.ends_with(|c: char| c.is_ascii_digit()) && matches!(unit, Some("%" | "s" | "ms" | "MiB"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_fit_stay_as_they_are_and_others_are_broken_under_their_indent() {
        let text = "short\n  a line with some words in it\n";
        assert_eq!(fitted(text, None), text);
        assert_eq!(fitted(text, Some(16)), "short\n  a line with\n    some words\n    in it\n");
    }

    #[test]
    fn a_number_keeps_its_unit_beside_it() {
        let text = "it took 1.25 s, at 95 %, of 12 MiB; 3 so";
        assert_eq!(fitted(text, Some(14)), "it took\n  1.25 s, at\n  95 %, of\n  12 MiB; 3 so");
    }

    #[test]
    fn an_indented_paragraph_breaks_between_words_and_never_passes_the_width() {
        let text = "seven letters each ".repeat(20);
        let broken = indented(&text, 26);
        assert!(broken.lines().count() > 1);
        for line in broken.lines() {
            assert!(width(line) <= PROSE_WIDTH && line == line.trim_end(), "{line:?}");
            assert_eq!(line.len() - line.trim_start().len(), 26, "{line:?}");
        }
        assert!(broken.split_whitespace().eq(text.split_whitespace()));
    }

    #[test]
    fn a_long_text_is_shortened_by_its_width_and_says_by_how_much() {
        assert_eq!(shortened("short", 5), "short");
        assert_eq!(shortened("a.jpg b.jpg c.jpg", 6), "a.jpg... (11 characters more)");
        assert_eq!(shortened("漢字漢字", 5), "漢字... (2 characters more)");
    }

    #[test]
    fn what_makes_numbers_doubtful_stands_out_where_there_are_colours() {
        let caveats = ["different hosts: Careful: and\nb".to_owned()];
        let plain = "Careful: different hosts: Careful: and\\nb.\n";
        assert_eq!(careful(&caveats, Screen::default()), plain);
        let colored = careful(&caveats, Screen { color: true, ..Screen::default() });
        assert_eq!(colored.matches('\u{1b}').count(), 3, "{colored:?}");
        assert_eq!(anstream_free(&colored), plain);
    }

    /// Without its ANSI sequences.
    fn anstream_free(text: &str) -> String {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once('m').map_or(part, |(_, text)| text));
        first + &rest.collect::<String>()
    }

    #[test]
    fn wide_characters_count_twice_and_no_line_is_wider_than_asked() {
        let text = "  漢字漢字漢字漢字漢字 and 🚀🚀🚀🚀🚀🚀🚀🚀";
        for limit in 6..40 {
            let broken = fitted(text, Some(limit));
            assert!(width(&broken) <= limit, "{limit}:\n{broken}");
        }
    }
}
