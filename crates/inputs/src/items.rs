//! The items of a command: a range of numbers, or a list of words.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::error::InputError;

/// What a command is run for, in order. There is at least one.
///
/// As text it is `1..50` or `list: a.jpg 'b c.jpg'`, with the words quoted as for a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// From the first to the last, both of them included.
    Range {
        first: u64,
        last: u64,
    },
    List(Vec<String>),
}

/// What a list begins with, so that a list of one number is no range.
const LIST: &str = "list: ";

impl Items {
    /// The most items of one run. Starting a program takes a millisecond, give or take, so as many as
    /// that take minutes in every row.
    pub const MOST: u64 = 100_000;

    /// The most bytes of a list as text: every row of a journal, and every child of a process pool, gets
    /// its copy.
    pub const MOST_LIST_BYTES: usize = 128 << 10;

    /// The numbers that `text` stands for: `3..50` from 3 to 50, both included, and `50` for `1..50`.
    /// `None` for a text of another form.
    ///
    /// # Errors
    ///
    /// When the range is empty or has more than [`Items::MOST`] numbers. Nothing is made of them before.
    pub fn range(text: &str) -> Option<Result<Self, InputError>> {
        let (first, last) = match text.split_once("..") {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (1, number(text)?),
        };
        let text = text.to_owned();
        Some(match last.checked_sub(first) {
            Some(_) if first == u64::MAX => Err(InputError::TooLarge { text }),
            None => Err(InputError::NoItems { text }),
            Some(steps) if steps >= Self::MOST => {
                let count = steps.saturating_add(1);
                Err(InputError::TooMany { text, count, most: Self::MOST })
            }
            Some(_) => Ok(Self(Kind::Range { first, last })),
        })
    }

    /// The words of a list.
    ///
    /// # Errors
    ///
    /// When there are none, or more than [`Items::MOST`] or [`Items::MOST_LIST_BYTES`] allow, or one of
    /// them is empty or has a NUL character.
    pub fn list(words: Vec<String>) -> Result<Self, InputError> {
        if words.is_empty() {
            return Err(InputError::NoItems { text: String::new() });
        }
        let (count, most) = (words.len() as u64, Self::MOST);
        if count > most {
            return Err(InputError::TooMany { text: "a list".to_owned(), count, most });
        }
        for (position, word) in words.iter().enumerate() {
            let what = match word.as_str() {
                "" => "empty",
                word if word.contains('\0') => "a text with a NUL character",
                _ => continue,
            };
            return Err(InputError::NoWord { number: position + 1, what });
        }
        let items = Self(Kind::List(words));
        match (items.to_string().len(), Self::MOST_LIST_BYTES) {
            (bytes, most) if bytes > most => Err(InputError::TooLong { bytes, most }),
            _ => Ok(items),
        }
    }

    /// How many items there are: from 1 to [`Items::MOST`].
    #[must_use]
    pub fn count(&self) -> u32 {
        match &self.0 {
            Kind::Range { first, last } => (last - first) as u32 + 1,
            Kind::List(words) => words.len() as u32,
        }
    }

    /// The item at `position`, from 0; `None` beyond the last.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Cow<'_, str>> {
        match &self.0 {
            Kind::Range { first, last } => {
                let number = first.checked_add(position as u64).filter(|number| number <= last)?;
                Some(number.to_string().into())
            }
            Kind::List(words) => words.get(position).map(Into::into),
        }
    }

    /// The items in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, str>> {
        (0..).map_while(|position| self.get(position))
    }
}

impl fmt::Display for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Range { first, last } => write!(f, "{first}..{last}"),
            Kind::List(words) => {
                let words = words.iter().map(String::as_str);
                write!(f, "{LIST}{}", shlex::try_join(words).map_err(|_| fmt::Error)?)
            }
        }
    }
}

impl FromStr for Items {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        let no_items = || InputError::NotItems { text: text.to_owned() };
        match text.strip_prefix(LIST) {
            Some(words) => Self::list(shlex::split(words).ok_or_else(no_items)?),
            None => Self::range(text).unwrap_or_else(|| Err(no_items())),
        }
    }
}

/// Digits alone: no sign, no space. One too large to be counted is as large as can be.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(items: &Items) -> Vec<String> {
        items.iter().map(Cow::into_owned).collect()
    }

    fn refused(text: &str) -> String {
        Items::from_str(text).expect_err("it is refused").to_string()
    }

    #[test]
    fn a_range_has_both_its_ends_and_a_number_counts_from_one() {
        let of = |text| words(&Items::from_str(text).expect("a good range"));
        assert_eq!(of("3..5"), ["3", "4", "5"]);
        assert_eq!(of("2"), ["1", "2"]);
        assert_eq!(of("7..7"), ["7"]);
        assert_eq!(of("0..1"), ["0", "1"]);
        assert_eq!(of("0..0"), ["0"]);
    }

    #[test]
    fn an_empty_and_an_enormous_range_are_refused_without_making_it() {
        assert_eq!(refused("0"), "read the items `0`: there are none in it");
        assert_eq!(refused("5..4"), "read the items `5..4`: there are none in it");
        let most = "1000000000 are more than the 100000 of one run";
        assert_eq!(refused("1000000000"), format!("read the items `1000000000`: {most}"));
        assert!(refused("1..1000000000").ends_with(most));
        assert!(refused("0..99999999999999999999999").contains("are more than"));
        assert_eq!(Items::from_str("1..100000").map(|items| items.count()), Ok(100_000));
        assert!(refused("0..100000").contains("100001 are more"));
        let beyond = "99999999999999999999..99999999999999999999";
        assert!(refused(beyond).contains("numbers from 18446744073709551615 on"));
    }

    #[test]
    fn what_is_no_range_is_no_item() {
        for text in
            ["", "a", "1..", "..5", "-1..5", "1..5..9", "1 ..2", "1..=5", "list:", "list: '"]
        {
            assert!(refused(text).contains("no range"), "{text}");
        }
    }

    #[test]
    fn a_list_is_refused_when_it_is_empty_or_too_long_or_has_a_word_that_none_can_be() {
        let list = |words: Vec<String>| Items::list(words).map_err(|error| error.to_string());
        assert!(list(vec![]).is_err_and(|error| error.contains("there are none")));
        let empty = list(vec!["a".to_owned(), String::new()]);
        assert_eq!(empty, Err("read the items: number 2 of the list is empty".to_owned()));
        assert!(list(vec!["\0".to_owned()]).is_err_and(|error| error.contains("NUL")));
        let long = list(vec!["x".repeat(1_000); 140]);
        assert!(long.is_err_and(|error| error.contains("number them with a range")));
        let many = list(vec!["x".to_owned(); 100_001]);
        assert!(many.is_err_and(|error| error.contains("100001 are more")));
    }

    proptest! {
        #[test]
        fn a_list_is_read_back_from_its_text_word_for_word(list in proptest::collection::vec("[^\0]{1,9}", 1..9)) {
            let items = Items::list(list.clone()).expect("a good list");
            prop_assert_eq!(items.count() as usize, list.len());
            prop_assert_eq!(words(&items), list);
            prop_assert_eq!(items.to_string().parse(), Ok(items));
        }
    }
}
