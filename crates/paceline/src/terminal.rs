//! What standard output can show. Only this module asks.

use std::env;
use std::io::{self, IsTerminal as _};

use anstream::ColorChoice;
use clap::ValueEnum;
use paceline_report::Screen;

/// Whether output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum When {
    /// On a terminal that shows colours, unless NO_COLOR is set
    #[default]
    Auto,
    /// In pipes and files too
    Always,
    /// Nowhere
    Never,
}

/// The width of a terminal that does not report one.
const USUAL_WIDTH: usize = 80;

/// What standard output can show, or a file if the text goes `to_file` instead. A terminal's width is its
/// own, and that of a pipe or file is unlimited; COLUMNS overrides both.
pub(crate) fn screen(color: When, ascii: bool, to_file: bool) -> Screen {
    let is_terminal = !to_file && io::stdout().is_terminal();
    let size = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into());
    let own = || is_terminal.then(|| size().unwrap_or(USUAL_WIDTH));
    let columns = env::var("COLUMNS").ok();
    Screen {
        width: columns.as_deref().and_then(columns_of).or_else(own),
        ascii: ascii || !speaks_utf8(),
        color: match color {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                !to_file && anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never
            }
        },
    }
}

/// Whether the locale is one of UTF-8. Only Unix tells by these variables; Windows consoles take
/// Unicode.
pub(crate) fn speaks_utf8() -> bool {
    cfg!(not(unix)) || is_utf8(|name| env::var(name).ok())
}

/// As POSIX has it: the first of these that is set and not empty decides. Without any the locale is "C",
/// which is what containers and cron have although their terminals take UTF-8; so only what names
/// another character set, or asks for "C" or "POSIX" by name, is taken at its word.
fn is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable);
    let Some(locale) = set.into_iter().find(|value| !value.is_empty()) else { return true };
    let charset = locale.split_once('.').map_or("", |(_, charset)| charset);
    let charset: String = charset.chars().filter(char::is_ascii_alphanumeric).collect();
    charset.to_ascii_lowercase().starts_with("utf8")
}

/// A width of 0 or nonsense, as some shells export it, says nothing.
fn columns_of(text: &str) -> Option<usize> {
    text.trim().parse().ok().filter(|width| *width > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_of_the_locale_that_is_set_decides() {
        let is = |set: &[(&str, &str)]| {
            is_utf8(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(is(&[]) && is(&[("LANG", "de_DE.UTF-8")]) && is(&[("LC_ALL", "C.utf8")]));
        assert!(is(&[("LC_ALL", ""), ("LANG", "en_GB.UTF-8@euro")]));
        assert!(!is(&[("LANG", "C")]) && !is(&[("LANG", "ja_JP.eucJP")]));
        assert!(!is(&[("LC_ALL", "POSIX"), ("LANG", "en_GB.UTF-8")]));
    }

    #[test]
    fn columns_that_are_no_width_say_nothing() {
        let read = ["120", " 80 ", "0", "", "wide", "-3"].map(columns_of);
        assert_eq!(read, [Some(120), Some(80), None, None, None, None]);
    }
}
