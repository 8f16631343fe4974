//! Short names for rows, where the full ones would crowd a chart.

use paceline_stats::summary::RowSummary;

use crate::strategy::Strategy;

/// The names without the longest run of words that all of them share: "IO heavy processing" says
/// nothing where every row does it. With fewer than three names there is no telling what is common.
pub(crate) fn without_common_words(names: &[&str]) -> Vec<String> {
    let split: Vec<Vec<&str>> =
        names.iter().map(|name| name.split_whitespace().collect()).collect();
    let whole = || names.iter().map(|name| (*name).to_owned()).collect();
    let Some(first) = split.first().filter(|_| names.len() >= 3) else { return whole() };
    let Some(common) = longest_common_run(first, &split) else { return whole() };
    let shortened: Vec<String> = split.iter().map(|words| without(words, &common)).collect();
    // What would leave a name empty, or two alike, is no shorter name.
    let mut sorted: Vec<&String> = shortened.iter().collect();
    sorted.sort();
    sorted.dedup();
    let is_good = sorted.len() == names.len() && shortened.iter().all(|name| !name.is_empty());
    if is_good { shortened } else { whole() }
}

/// For each row the shortest words that tell it from the others of its workload: what runs it and how
/// wide; with the engine where that is not enough; else its name.
pub(crate) fn tags(rows: &[&RowSummary], names: &[String]) -> Vec<String> {
    let first = rows.iter().map(|row| tag(row, false)).collect::<Vec<_>>();
    let second = rows.iter().map(|row| tag(row, true)).collect::<Vec<_>>();
    let is_unique = |tags: &[String], tag: &String| tags.iter().filter(|t| *t == tag).count() == 1;
    let choose = |((short, long), name): ((&String, &String), &String)| {
        if is_unique(&first, short) {
            short.clone()
        } else if is_unique(&second, long) {
            long.clone()
        } else {
            cut(name, 28)
        }
    };
    first.iter().zip(&second).zip(names).map(choose).collect()
}

/// At most `most` characters of a name, with an ellipsis where some are missing.
pub(crate) fn cut(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let kept: String = name.chars().take(most.saturating_sub(1)).collect();
    kept.trim_end().to_owned() + "…"
}

fn tag(row: &RowSummary, with_engine: bool) -> String {
    let case = &row.row.case;
    let strategy = Strategy::of(&case.executor);
    let width = row.lanes.map(|lanes| lanes.asked).or(case.width.map(std::num::NonZero::get));
    let width_is = |word: &str| match width {
        Some(1) => format!("1 {word}"),
        Some(width) => format!("{width} {word}{}", if word == "process" { "es" } else { "s" }),
        None => format!("{word} pool"),
    };
    let batch = match case.batch.get() {
        1 => String::new(),
        batch => format!(" × {batch} items"),
    };
    let revision =
        row.row.revision.as_deref().map_or(String::new(), |r| format!(" @ {}", cut(r, 9)));
    let text = match (strategy, with_engine) {
        (Strategy::Sequential | Strategy::FalseAsync, false) => strategy.word().to_owned(),
        (Strategy::Async, false) => strategy.word().to_owned(),
        (Strategy::Threads, false) => width_is("thread"),
        (Strategy::Processes, false) => width_is("process"),
        _ => {
            let width = width.map_or(String::new(), |width| format!(" {width}"));
            format!("{}{width}", case.executor)
        }
    };
    text + &batch + &revision
}

fn longest_common_run<'a>(first: &[&'a str], all: &[Vec<&'a str>]) -> Option<Vec<&'a str>> {
    let holds = |words: &Vec<&str>, run: &[&str]| words.windows(run.len()).any(|w| w == run);
    (1..first.len()).rev().find_map(|length| {
        let run = first.windows(length).find(|run| all.iter().all(|words| holds(words, run)));
        run.map(<[&str]>::to_vec)
    })
}

fn without(words: &[&str], run: &[&str]) -> String {
    let start = words.windows(run.len()).position(|window| window == run).unwrap_or(0);
    let kept = words[..start].iter().chain(&words[(start + run.len()).min(words.len())..]);
    kept.copied().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_all_names_share_are_left_out() {
        let names = [
            "Sequential IO heavy processing",
            "Truly-asyncronous IO heavy processing",
            "Threaded IO heavy processing (8 threads)",
        ];
        let short = without_common_words(&names);
        assert_eq!(short, ["Sequential", "Truly-asyncronous", "Threaded (8 threads)"]);
    }

    #[test]
    fn names_stay_whole_where_shorter_ones_would_be_alike_or_empty() {
        for names in [["a b", "b a", "a"], ["x y", "y x", "x y z"], ["", " ", "a"]] {
            assert_eq!(without_common_words(&names), names);
        }
        assert_eq!(without_common_words(&["a one", "a two"]), ["a one", "a two"]);
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(cut("żółw", 3), "żó…");
        assert_eq!(cut("abc", 3), "abc");
    }
}
