//! Why a command, a URL or a list of items cannot be used.

use crate::placeholder::{Misplaced, PLACEHOLDERS};

/// Why a command, a URL or a list of items cannot be used. Columns count characters, from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// There is no word in a command.
    #[error("read the command: it is empty")]
    NoProgram,
    /// A quote or an escape is not finished.
    #[error("read the command `{command}`: a quote is not closed, or nothing follows a backslash")]
    Unfinished {
        /// The whole command.
        command: String,
    },
    /// A word in braces stands for nothing.
    #[error(
        "read `{command}`: unknown placeholder `{placeholder}` at column {column}; there \
         are {}, and `{{{placeholder}}}` stands for the text `{placeholder}`",
        PLACEHOLDERS.join(", ")
    )]
    UnknownPlaceholder {
        /// The whole command or URL.
        command: String,
        /// The placeholder with its braces.
        placeholder: String,
        /// Where it begins.
        column: usize,
    },
    /// A shell would not see an item as one word.
    #[error(
        "read the command `{command}`: `{placeholder}` at column {column} {}",
        why_misplaced(*misplaced, placeholder)
    )]
    MisplacedPlaceholder {
        /// The whole command.
        command: String,
        /// The placeholder with its braces.
        placeholder: String,
        /// Where it begins.
        column: usize,
        /// What is wrong with that place.
        misplaced: Misplaced,
    },
    /// A text is no URL of a service that can be asked.
    #[error("read the URL `{url}`: {reason}")]
    Url {
        /// The whole text.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Standard output can go into a pipe or nowhere.
    #[error("use the output `{text}`: it is `pipe` or `null`")]
    NoOutput {
        /// What was to say where it goes.
        text: String,
    },
    /// Standard output is to be checked, and nobody can read it.
    #[error("check the output of programs that write to the null device (output `null`)")]
    CheckedNull,
    /// There is nothing to run.
    #[error("read the items `{text}`: there are none in it")]
    NoItems {
        /// What was to name items.
        text: String,
    },
    /// There are more items than a run takes.
    #[error("read the items `{text}`: {count} are more than the {most} of one run")]
    TooMany {
        /// What was to name items.
        text: String,
        /// How many it names.
        count: u64,
        /// How many a run takes.
        most: u64,
    },
    /// A range begins where numbers cannot be told from greater ones any more.
    #[error("read the items `{text}`: numbers from {} on are no items", u64::MAX)]
    TooLarge {
        /// What was to name items.
        text: String,
    },
    /// The items are too long to be carried along.
    #[error(
        "read the items: their names have {bytes} bytes, more than the {most} that a spec carries; name \
         fewer, or number them with a range"
    )]
    TooLong {
        /// How long the list is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// An item of a list is empty, or has a character that no argument can have.
    #[error("read the items: number {number} of the list is {what}")]
    NoWord {
        /// Its place in the list, from 1.
        number: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The text is neither a range nor a list.
    #[error("read the items `{text}`: it is no range such as 1..50, and no list")]
    NotItems {
        /// What was to name items.
        text: String,
    },
    /// A file of certificates cannot be used.
    #[error("read certificates in `{path}`: {reason}")]
    Certificates {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

fn why_misplaced(misplaced: Misplaced, placeholder: &str) -> String {
    match misplaced {
        Misplaced::InQuotes => {
            "stands inside quotes; it is quoted for the shell by itself, and inside \
                                others it would not be"
                .to_owned()
        }
        Misplaced::BehindDollar => format!(
            "stands right behind `$`, as a variable of the shell does; that is written `${{{placeholder}}}`"
        ),
        Misplaced::BehindBackslash => format!(
            "stands right behind a backslash, which would be the end of its quotes; `{{{placeholder}}}` \
             stands for the text `{placeholder}`"
        ),
    }
}
