//! How text is made to fit a line.

use textwrap::{Options, WordSplitter};
use unicode_width::UnicodeWidthStr;

/// How wide prose is where nothing limits it.
const PROSE_WIDTH: usize = 100;

/// How many columns of characters the widest line of `text` takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// `text` as a paragraph that is easy to read, on a line that may be narrow.
pub(crate) fn prose(text: &str, line: Option<usize>) -> String {
    filled(text, Options::new(line.unwrap_or(PROSE_WIDTH).clamp(1, PROSE_WIDTH)))
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

/// Breaks only at blanks, so that a run's id or a path can be copied, and not between a number and its
/// percent sign.
fn filled(text: &str, options: Options<'_>) -> String {
    const UNBROKEN: &str = "\u{a0}%";
    let options = options.word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(&text.replace(" %", UNBROKEN), options).replace(UNBROKEN, " %")
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
    fn wide_characters_count_twice_and_no_line_is_wider_than_asked() {
        let text = "  漢字漢字漢字漢字漢字 and 🚀🚀🚀🚀🚀🚀🚀🚀";
        for limit in 6..40 {
            let broken = fitted(text, Some(limit));
            assert!(width(&broken) <= limit, "{limit}:\n{broken}");
        }
    }
}
