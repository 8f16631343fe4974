//! How sure the choice of a row is: what is beyond doubt, what is open, and what it takes to know.

use maud::{Markup, html};
use paceline_report::words;
use paceline_stats::advice::{Candidate, NEAR_FOR_MEMORY};
use paceline_stats::{Comparison, EveryRound, Level};

use crate::family::Family;
use crate::model::{Entry, Group};
use crate::number::three_digits;

/// How many rows a sentence names before it counts them.
const NAMED: usize = 3;

/// How sure it is, in words.
pub(crate) fn certainty(group: &Group<'_>, taken: &Candidate, entry: &Entry<'_>) -> Markup {
    if group.advice.can_tell() {
        let is_alone = group.advice.candidates.len() == 1;
        return html! {
            p class="sure" {
                @if is_alone { span class="badge plain" { "the only row" } }
                @else { span class="badge good" { "told at 95 %" } }
                " " (words::sentence(group.advice))
            }
        };
    }
    let points = [
        beyond_doubt(group, entry),
        scattered(group, entry),
        open(group, taken),
        unbeaten(group, entry),
    ];
    html! {
        div class="sure" {
            p { span class="badge warn" { "an estimate" } " " (too_few_rounds(group)) }
            ul { @for point in points.into_iter().flatten() { li { (unbroken(&point)) } } }
        }
    }
}

/// How many times as fast as the sequential row a row is: the ratio of their means, and what is known of
/// how far it may be off. `None` for the sequential row itself, and without one.
pub(crate) fn speed(group: &Group<'_>, entry: &Entry<'_>) -> Option<(String, String)> {
    let (sequential, others) = sequential(group)?;
    let own = entry.row.seconds.as_ref().filter(|own| own.mean() > 0.0)?;
    if sequential.index == entry.index {
        return None;
    }
    let gain = format!("{}×", three_digits(others.mean() / own.mean()));
    let compared = sequential
        .beside(entry)
        .and_then(|(sequential, own)| Comparison::paired(sequential, own, Level::NINETY_FIVE).ok());
    let interval = match compared {
        Some(compared) if compared.rounds > 1 => {
            let ends = format!("{} to {}", three_digits(compared.low), three_digits(compared.high));
            let level = three_digits(compared.achieved_level * 100.0);
            match compared.reaches_its_level() {
                true => format!("{ends} at 95 %"),
                false => format!("{ends} at {level} %, all that {} rounds give", compared.rounds),
            }
        }
        _ => "no interval".to_owned(),
    };
    Some((gain, format!("that of the sequential row; {interval}")))
}

/// Why this run proves no order of all its rows, and what would: a claim about every row at once needs more
/// than one about two of them.
fn too_few_rounds(group: &Group<'_>) -> Markup {
    let advice = &group.advice;
    let (rows, enough) = (advice.candidates.len(), advice.enough_rounds);
    let rounds = match advice.rounds {
        1 => "1 round does".to_owned(),
        rounds => format!("{rounds} rounds do"),
    };
    html! {
        (rounds) " not prove which of " (rows) " rows are slower than the fastest: at 95\u{a0}%, corrected for so many \
         comparisons at once (after Holm), that takes " (enough) " rounds (the same command with "
        code { "--rounds " (enough) } ")."
    }
}

/// The rows that are slower whatever correction there is, the sequential one by name.
fn beyond_doubt(group: &Group<'_>, taken: &Entry<'_>) -> Option<String> {
    let is_slower =
        |entry: &&Entry<'_>| rounds(entry, taken).is_some_and(|rounds| rounds.is_beyond_doubt());
    let slower: Vec<&Entry<'_>> = group.entries.iter().filter(is_slower).collect();
    // The first one has a sentence of its own; others of its family are rows like any.
    let first = sequential(group).map(|(entry, _)| entry.index);
    let (in_sequence, others): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) =
        slower.iter().partition(|entry| Some(entry.index) == first);
    let others: Vec<&str> = others.iter().map(|entry| entry.tag.as_str()).collect();
    let doubtless = "Slower beyond doubt all the same:";
    let scattered = scattered_others(group, taken, first);
    match in_sequence.first().and_then(|entry| rounds(entry, taken)) {
        Some(rounds) => {
            let more = match others.len() {
                0 => String::new(),
                1..=NAMED => format!(", and {}", listed(&others)),
                many => format!(", and {many} other rows"),
            };
            Some(format!(
                "{doubtless} sequential, which takes {} times as long in every round{more}.{scattered}",
                ends(rounds)
            ))
        }
        None if others.is_empty() => None,
        None => Some(format!("{doubtless} {}.{scattered}", listed(&others))),
    }
}

/// Why rows that may be slower still are not among those beyond doubt; the sequential one at `told` has a
/// sentence of its own.
fn scattered_others(group: &Group<'_>, taken: &Entry<'_>, told: Option<usize>) -> String {
    let is_so = |entry: &&Entry<'_>| {
        Some(entry.index) != told
            && rounds(entry, taken).is_some_and(|r| r.is_slower() && !r.is_beyond_doubt())
    };
    match group.entries.iter().filter(is_so).count() {
        0 => String::new(),
        1 => {
            " One more took longer in every round, by a factor too scattered to say so.".to_owned()
        }
        more => {
            format!(" {more} more took longer in every round, by factors too scattered to say so.")
        }
    }
}

/// The sequential row, where it was slower in every round and yet not beyond doubt.
fn scattered(group: &Group<'_>, taken: &Entry<'_>) -> Option<String> {
    let rounds = rounds(sequential(group)?.0, taken)?;
    let is_so = rounds.rounds > 1 && rounds.is_slower() && !rounds.is_beyond_doubt();
    is_so.then(|| {
        format!(
            "Sequential takes {} times as long in every round: too scattered, or too few of them, to be beyond doubt.",
            ends(rounds)
        )
    })
}

fn ends(rounds: EveryRound) -> String {
    let (least, most) = (three_digits(rounds.least), three_digits(rounds.most));
    if least == most { least } else { format!("{least} to {most}") }
}

/// How many times as long as the taken one a row took in each round.
fn rounds(entry: &Entry<'_>, taken: &Entry<'_>) -> Option<EveryRound> {
    let (others, own) = entry.beside(taken).filter(|_| entry.index != taken.index)?;
    EveryRound::of(others, own).ok()
}

/// The rows that may be as fast, or how far the next one is.
fn open(group: &Group<'_>, taken: &Candidate) -> Option<String> {
    let advice = &group.advice;
    let others = || advice.candidates.iter().filter(|other| other.name != taken.name);
    let is_near = |other: &&Candidate| advice.times_best(other) <= 1.0 + NEAR_FOR_MEMORY;
    let rivals: Vec<&Candidate> = others().filter(is_near).collect();
    let near: Vec<&str> = rivals.iter().map(|other| tag(group, other)).collect();
    let next = others().next()?;
    let why = picked_for(taken, &rivals);
    Some(match near.len() {
        0 => format!(
            "The next row by the means, {}, takes {} times as long.",
            tag(group, next),
            three_digits(next.mean_s / taken.mean_s)
        ),
        1 => format!(
            "Open: {} is within 10 % of the fastest row and may be as fast; of both, this one is picked {why}.",
            near[0]
        ),
        _ => format!(
            "Open: {} are within 10 % of the fastest row and may be as fast; of these, this one is picked {why}.",
            listed(&near)
        ),
    })
}

/// Which step of the rule decided between the taken row and those that may be as fast: memory where it is
/// told apart, then width, then time.
fn picked_for(taken: &Candidate, rivals: &[&Candidate]) -> &'static str {
    let known = rivals.iter().copied().chain([taken]).filter(|row| row.memory_bytes.is_some());
    let least = known.min_by_key(|row| row.memory_bytes);
    let is_small = |row: &&&Candidate| least.is_none_or(|least| row.takes_as_much_as(least));
    let small: Vec<&&Candidate> = rivals.iter().filter(is_small).collect();
    let is_narrowest = small.iter().all(|row| row.width > taken.width);
    match (small.len() == rivals.len(), is_narrowest) {
        _ if small.is_empty() => "for its memory",
        (true, true) => "for its width, since memory does not tell them apart",
        (false, true) => "for its memory, then its width",
        (true, false) => "for its time, since neither memory nor width tells them apart",
        (false, false) => "for its memory, then its time",
    }
}

/// The rows that were not slower in every round: what few rounds can show all the same.
fn unbeaten(group: &Group<'_>, taken: &Entry<'_>) -> Option<String> {
    let is_beaten = |other: &&Entry<'_>| rounds(other, taken).is_some_and(|r| r.is_slower());
    let others: Vec<&Entry<'_>> =
        group.timed().map(|(other, _)| other).filter(|other| other.index != taken.index).collect();
    let unbeaten: Vec<&str> =
        others.iter().filter(|other| !is_beaten(other)).map(|other| other.tag.as_str()).collect();
    let when = match taken.row.rounds.len() {
        1 => "In the only round".to_owned(),
        rounds => format!("In each of the {rounds} rounds"),
    };
    match (others.len(), unbeaten.len()) {
        (0, _) => None,
        (_, 0) => Some(format!("{when} it was faster than every other row.")),
        (all, not) if not == all => Some("There is no row that it beat in every round.".to_owned()),
        _ => Some(format!("{when} it was faster than every other row but {}.", listed(&unbeaten))),
    }
}

fn sequential<'g, 'a>(group: &'g Group<'a>) -> Option<(&'g Entry<'a>, &'g paceline_stats::Series)> {
    group.timed().find(|(entry, _)| entry.family == Family::Sequential)
}

fn tag<'g>(group: &'g Group<'_>, candidate: &Candidate) -> &'g str {
    group.entry(&candidate.name).map_or("", |entry| entry.tag.as_str())
}

/// "a", "a and b", "a, b, c and 2 more".
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= NAMED => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..NAMED].join(", "), names.len() - NAMED),
    }
}

/// No line ends between a number and its percent sign.
fn unbroken(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_named_and_many_counted() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b"]), "a and b");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
