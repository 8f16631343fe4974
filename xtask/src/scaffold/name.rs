//! Names that become a folder, a crate or module, a type and an id.

use std::fmt;
use std::str::FromStr;

/// The longest name, in bytes. Ids stand in columns of tables, and generated lines must fit in a line.
const LONGEST: usize = 24;

/// A name as crates have it: lower-case ASCII letters, digits and single dashes, a letter first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As a module, or a part of a crate's name in code: `work-stealing` is `work_stealing`.
    pub(crate) fn module(&self) -> String {
        self.0.replace('-', "_")
    }

    /// As a type: `work-stealing` is `WorkStealing`.
    pub(crate) fn type_name(&self) -> String {
        let capitalised = |word: &str| {
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + rest
        };
        self.0.split('-').map(capitalised).collect()
    }

    /// Whether Rust keeps the module's name for itself.
    pub(crate) fn is_keyword(&self) -> bool {
        KEYWORDS.contains(&self.0.as_str())
    }
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let reason = if !text.starts_with(|first: char| first.is_ascii_lowercase()) {
            "does not begin with a lower-case letter from a to z".to_owned()
        } else if !text.bytes().all(letters) {
            "has something else than lower-case letters from a to z, digits and dashes".to_owned()
        } else if text.contains("--") || text.ends_with('-') {
            "has a dash that stands between nothing".to_owned()
        } else if text.len() > LONGEST {
            format!("is longer than {LONGEST} letters")
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(format!("`{text}` is no name for a crate: it {reason}"))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The keywords, strict and reserved, that are lower-case words.
///
/// Source: <https://doc.rust-lang.org/reference/keywords.html>, edition 2024.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().expect("a good name")
    }

    #[test]
    fn a_name_gives_a_module_and_a_type() {
        let (one, more) = (name("relay"), name("work-stealing-2"));
        assert_eq!((one.module().as_str(), one.type_name().as_str()), ("relay", "Relay"));
        assert_eq!(more.module(), "work_stealing_2");
        assert_eq!(more.type_name(), "WorkStealing2");
    }

    #[test]
    fn what_cannot_name_a_crate_is_refused_with_the_reason() {
        let refused = |text: &str| text.parse::<Name>().expect_err("a bad name");
        for (text, reason) in [
            ("", "does not begin"),
            ("2fast", "does not begin"),
            ("-fast", "does not begin"),
            ("Fast", "does not begin"),
            ("\u{e9}clair", "does not begin"),
            ("very fast", "something else"),
            ("very_fast", "something else"),
            ("../fast", "does not begin"),
            ("a/b", "something else"),
            ("caf\u{e9}", "something else"),
            ("very--fast", "a dash"),
            ("fast-", "a dash"),
            ("a-name-of-twenty-5-bytes-", "a dash"),
            ("a-name-of-twenty-5-bytess", "longer than 24"),
        ] {
            assert!(refused(text).contains(reason), "{text}: {}", refused(text));
        }
        assert!("a-name-of-twenty-4-bytes".parse::<Name>().is_ok());
    }

    #[test]
    fn keywords_are_known() {
        assert!(name("async").is_keyword() && name("gen").is_keyword());
        assert!(!name("primes").is_keyword());
        assert!(KEYWORDS.is_sorted());
    }
}
