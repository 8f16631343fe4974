//! Suggests known words for an unknown one.

use paceline_protocol::escape::name;
use strsim::osa_distance;

/// The most suggestions that are made.
const MOST: usize = 3;

/// One letter in this many may be wrong.
const LETTERS_PER_MISTAKE: usize = 4;

/// Asks in a line of its own whether the user meant a similar word of `known` instead of `word`. Empty if no
/// known word is similar.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> =
        nearest(word, known).iter().map(|near| format!("`{}`", name(near))).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => format!("\ndid you mean {only}?"),
        Some((last, others)) => format!("\ndid you mean {} or {last}?", others.join(", ")),
    }
}

/// Those of `known` of which as many words as `word` has differ from it by a few letters, the nearest
/// first.
fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = words(word);
    let most = wanted.join(" ").chars().count() / LETTERS_PER_MISTAKE;
    let mut near: Vec<(usize, &str)> = Vec::new();
    for candidate in known {
        let is_new = near.iter().all(|(_, other)| *other != candidate);
        let distance = distance(&wanted, &words(candidate)).filter(|distance| *distance <= most);
        near.extend(distance.filter(|_| is_new).map(|distance| (distance, candidate)));
    }
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().take(MOST).map(|(_, candidate)| candidate).collect()
}

/// The least distance of `wanted` from as many neighbouring words of `candidate`, in letters that are
/// wrong, missing, too many or swapped.
fn distance(wanted: &[String], candidate: &[String]) -> Option<usize> {
    let text = wanted.join(" ");
    let parts = candidate.windows(wanted.len().clamp(1, candidate.len().max(1)));
    parts.map(|part| osa_distance(&text, &part.join(" "))).min()
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 6] = [
        "async",
        "threads",
        "async-tokio",
        "threads-rayon",
        "rotate",
        "Sequential IO heavy processing",
    ];

    #[test]
    fn a_slip_of_the_fingers_is_answered_with_what_was_meant() {
        for (typed, meant) in [
            ("asynk", "\ndid you mean `async` or `async-tokio`?"),
            ("tokoi", "\ndid you mean `async-tokio`?"),
            ("thread-rayn", "\ndid you mean `threads-rayon`?"),
            ("ROTAET", "\ndid you mean `rotate`?"),
            ("sequental io", "\ndid you mean `Sequential IO heavy processing`?"),
        ] {
            assert_eq!(did_you_mean(typed, KNOWN), meant, "{typed}");
        }
    }

    #[test]
    fn what_is_near_to_nothing_is_not_answered() {
        for typed in ["fibers", "", "-", "x"] {
            assert_eq!(did_you_mean(typed, KNOWN), "", "{typed}");
        }
        assert_eq!(did_you_mean("async", []), "");
    }

    #[test]
    fn of_many_names_the_nearest_are_told_each_once() {
        let many = ["relay-11", "relay-2", "relay-2", "relay-3", "relay-44"];
        assert_eq!(
            did_you_mean("relay 2x", many),
            "\ndid you mean `relay-2`, `relay-11` or `relay-3`?"
        );
    }
}
