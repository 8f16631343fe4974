//! The advice on one workload in one plain sentence, with its reason.

use paceline_stats::Verdict;
use paceline_stats::advice::{Candidate, SAME_MEMORY, WorkloadAdvice};

use crate::cell::{name, size};

/// What to use and why; or why the data cannot tell, and what would.
#[must_use]
pub fn sentence(workload: &WorkloadAdvice) -> String {
    match (workload.pick(), workload.probable_pick()) {
        (Some(pick), _) => {
            format!("Use {}; {}.", facts(workload, pick), against_others(workload, pick))
        }
        (None, Some(probable)) => format!(
            "The data cannot tell: {}. By the means alone it would be {}.",
            too_few_rounds(workload),
            facts(workload, probable)
        ),
        (None, None) => "No row is left to choose from.".to_owned(),
    }
}

/// The same in few words: the row to use with its facts, or the one that it
/// probably is where the data cannot tell.
pub(crate) fn in_few_words(workload: &WorkloadAdvice) -> Option<(&Candidate, String)> {
    let told = workload.pick().map(|row| (row, "use"));
    let (row, how) = told
        .or_else(|| workload.probable_pick().map(|row| (row, "the data cannot tell; probably")))?;
    Some((row, format!("{how} {}", facts(workload, row))))
}

/// That the rounds are too few, how many are enough, and the command that runs them.
#[must_use]
pub fn too_few_rounds(workload: &WorkloadAdvice) -> String {
    format!(
        "{} too few to tell {} rows apart at 95 %; {enough} rounds can (the same command with `--rounds {enough}`)",
        rounds(workload.rounds),
        workload.candidates.len(),
        enough = workload.enough_rounds
    )
}

fn rounds(count: usize) -> String {
    if count == 1 { "1 round is".to_owned() } else { format!("{count} rounds are") }
}

/// Its time, how near that is to the shortest possible, and its memory.
pub(crate) fn facts(workload: &WorkloadAdvice, candidate: &Candidate) -> String {
    let mut facts = format!("{}: {} s", name(&candidate.name), three_digits(candidate.mean_s));
    if let Some(bound_s) = workload.bound_s.filter(|bound_s| *bound_s > 0.0) {
        facts += &format!(", {}", near_bound(candidate.mean_s / bound_s));
    }
    if let Some(bytes) = candidate.memory_bytes {
        facts += &format!(", {}", size(bytes));
    }
    facts
}

fn near_bound(ratio: f64) -> String {
    if ratio <= 1.0 {
        // The bound of computed work is itself an estimate, so a time may fall below it.
        "as short as possible".to_owned()
    } else if ratio <= 2.0 {
        // 1.01 - 1.0 is a little more than 0.01 in floating point, which is not another percent.
        format!("within {:.0} % of the shortest possible", ((ratio - 1.0) * 100.0 - 1e-9).ceil())
    } else {
        format!("{ratio:.1} times the shortest possible")
    }
}

fn against_others(workload: &WorkloadAdvice, pick: &Candidate) -> String {
    let mut rivals = workload.tied().filter(|candidate| candidate.name != pick.name);
    if let Some(rival) = rivals.next() {
        let more = match rivals.count() {
            0 => String::new(),
            1 => ", and 1 more row is tied".to_owned(),
            count => format!(", and {count} more rows are tied"),
        };
        let tied = tied(workload, pick, rival);
        return format!("{} {tied}{}{more}", name(&rival.name), cost(pick, rival));
    }
    let next = workload.candidates.iter().find(|candidate| candidate.name != pick.name);
    match next {
        Some(next) => {
            let ratio = workload.times_best(next);
            format!("the next, {}, takes {ratio:.2} times as long", name(&next.name))
        }
        None => "there is no other row to choose".to_owned(),
    }
}

/// How two tied rows stand in time. One of them is the fastest, so that the other knows.
fn tied(workload: &WorkloadAdvice, pick: &Candidate, rival: &Candidate) -> String {
    let judged = pick.against_fastest.or(rival.against_fastest);
    match judged.map(|judged| judged.verdict) {
        Some(Verdict::Equivalent) => "is tied in time".to_owned(),
        _ => format!("is not told apart in time by {} rounds,", workload.rounds),
    }
}

/// What the rival costs that the pick does not.
fn cost(pick: &Candidate, rival: &Candidate) -> String {
    let width = || match rival.width == pick.width {
        true => " at the same width".to_owned(),
        false => format!(" at width {} instead of {}", rival.width, pick.width),
    };
    let (Some(picked), Some(others)) = (pick.memory_bytes, rival.memory_bytes) else {
        return width();
    };
    let ratio = others as f64 / picked as f64;
    let is_about_same = (1.0 / (1.0 + SAME_MEMORY)..=1.0 + SAME_MEMORY).contains(&ratio);
    let times = if ratio > 1.0 { format!("{ratio:.1}") } else { format!("{ratio:.2}") };
    match (is_about_same, pick.takes_as_much_as(rival)) {
        (true, _) => format!(" at about the same memory and{}", width()),
        (false, false) => format!(" at {times} times the memory"),
        (false, true) => {
            format!(" at {times} times the memory, which may be chance, and{}", width())
        }
    }
}

/// A positive number with three significant digits, and at most six decimals.
fn three_digits(value: f64) -> String {
    let before_point = value.log10().floor() as i32 + 1;
    let decimals = (3 - before_point).clamp(0, 6) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_three_digits() {
        let shown = [123.4, 20.04, 1.0312, 0.123_44, 0.008_512, 0.000_000_3].map(three_digits);
        assert_eq!(shown, ["123", "20.0", "1.03", "0.123", "0.00851", "0.000000"]);
    }

    #[test]
    fn the_distance_to_the_bound_is_rounded_up() {
        let shown = [0.98, 1.001, 1.01, 1.5, 19.4].map(near_bound);
        let near = |percent| format!("within {percent} % of the shortest possible");
        assert_eq!(shown[..3], ["as short as possible".to_owned(), near(1), near(1)]);
        assert_eq!(shown[3..], [near(50), "19.4 times the shortest possible".to_owned()]);
    }
}
