//! What a parameter of a workload can be.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

/// A type that a parameter can have. Its text is what users write into matrix files and command lines.
///
/// A workload with a type of its own implements this for it, beside the `FromStr` that reads it.
pub trait Param: FromStr {
    /// What the text of such a value is, in words for users, with its limits. They stand after "is not":
    /// "a whole number from 0 to 255".
    fn wanted() -> String;
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {
        $(impl Param for $number {
            fn wanted() -> String {
                format!("a whole number from {} to {}", <$number>::MIN, grouped(<$number>::MAX.into()))
            }
        })*
    };
}

whole_numbers!(u8, u16, u32, u64);

impl Param for usize {
    fn wanted() -> String {
        format!("a whole number from 0 to {}", grouped(Self::MAX as u64))
    }
}

impl Param for NonZeroU32 {
    fn wanted() -> String {
        format!("a whole number from 1 to {}", grouped(u32::MAX.into()))
    }
}

impl Param for f64 {
    fn wanted() -> String {
        "a number".to_owned()
    }
}

impl Param for bool {
    fn wanted() -> String {
        "true or false".to_owned()
    }
}

impl Param for String {
    fn wanted() -> String {
        "a text".to_owned()
    }
}

impl Param for PathBuf {
    fn wanted() -> String {
        "a path".to_owned()
    }
}

impl Param for SocketAddr {
    fn wanted() -> String {
        "an address with its port, such as 127.0.0.1:8080".to_owned()
    }
}

/// A number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let is_first_of_three = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
    let with_comma = |(at, digit)| [is_first_of_three(at).then_some(','), Some(digit)];
    digits.chars().enumerate().flat_map(with_comma).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_says_in_a_user_s_words_what_it_takes() {
        assert_eq!(u8::wanted(), "a whole number from 0 to 255");
        assert_eq!(u16::wanted(), "a whole number from 0 to 65,535");
        assert_eq!(u32::wanted(), "a whole number from 0 to 4,294,967,295");
        assert_eq!(u64::wanted(), "a whole number from 0 to 18,446,744,073,709,551,615");
        assert_eq!(NonZeroU32::wanted(), "a whole number from 1 to 4,294,967,295");
        assert_eq!(bool::wanted(), "true or false");
    }

    #[test]
    fn digits_stand_in_groups_of_three_from_the_right() {
        let numbers = [0, 12, 123, 1_234, 123_456, 1_234_567].map(grouped);
        assert_eq!(numbers, ["0", "12", "123", "1,234", "123,456", "1,234,567"]);
    }
}
