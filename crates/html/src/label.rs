//! Short names for rows, where the full ones would crowd a chart.

use std::collections::HashMap;

use paceline_stats::summary::RowSummary;

use crate::family::Family;

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

/// For each row the shortest words that tell it from the others of its workload: its family and how wide it
/// is; with the engine where that is not enough, and with the width of what has none otherwise; else its
/// name.
pub(crate) fn tags(rows: &[&RowSummary], names: &[String]) -> Vec<String> {
    let told = [Detail::Family, Detail::Engine, Detail::EngineAndWidth];
    let levels = told.map(|detail| {
        let tags: Vec<String> = rows.iter().map(|row| tag(row, detail)).collect();
        let is_unique = unique(&tags);
        (tags, is_unique)
    });
    let shortest = |place: usize| {
        let (tags, _) = levels.iter().find(|(_, is_unique)| is_unique[place])?;
        Some(tags[place].clone())
    };
    let choose = |(place, name): (usize, &String)| shortest(place).unwrap_or_else(|| ends_of(name));
    let mut tags: Vec<String> = names.iter().enumerate().map(choose).collect();
    let is_unique = unique(&tags);
    for (place, tag) in tags.iter_mut().enumerate().filter(|(place, _)| !is_unique[*place]) {
        *tag += &format!(" (row {})", place + 1);
    }
    tags
}

/// Whether each of `tags` is there once.
fn unique(tags: &[String]) -> Vec<bool> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for tag in tags {
        *counts.entry(tag).or_default() += 1;
    }
    tags.iter().map(|tag| counts[tag.as_str()] == 1).collect()
}

/// A name in little room: what it ends with tells more than its middle.
fn ends_of(name: &str) -> String {
    const MOST: usize = 32;
    let length = |text: &str| text.chars().count();
    if length(name) <= MOST {
        return name.to_owned();
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let ends = (1..words.len()).map(|from| format!("{} … {}", words[0], words[from..].join(" ")));
    ends.into_iter().find(|ends| length(ends) <= MOST).unwrap_or_else(|| {
        let tail: String = name.chars().skip(length(name) - MOST / 2).collect();
        format!("{}{tail}", cut(name, MOST / 2))
    })
}

/// The names of executors as the legend has them: their family, with the engine for those of a family that
/// has several.
pub(crate) fn executor_words(executor: &str, all: &[&str]) -> String {
    let family = Family::of(executor);
    let is_other = |other: &&&str| Family::of(other) == family && **other != executor;
    match (family, all.iter().any(|other| is_other(&other))) {
        (Family::Other, _) => cut(executor, 24),
        (_, false) => family.word().to_owned(),
        (_, true) => format!("{} ({})", family.word(), cut(Family::engine(executor), 16)),
    }
}

/// At most `most` characters of a name, with an ellipsis where some are missing.
pub(crate) fn cut(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let kept: String = name.chars().take(most.saturating_sub(1)).collect();
    kept.trim_end().to_owned() + "…"
}

/// What a tag tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Family,
    Engine,
    EngineAndWidth,
}

fn tag(row: &RowSummary, detail: Detail) -> String {
    let case = &row.row.case;
    let family = Family::of(&case.executor);
    let width = row.lanes.map(|lanes| lanes.asked).or(case.width.map(std::num::NonZero::get));
    let mut text = match (family, width) {
        (Family::Threads | Family::Multiproc, Some(1)) => format!("1 {}", family.lane()),
        (Family::Threads | Family::Multiproc, Some(width)) => {
            format!("{width} {}", family.lanes())
        }
        (Family::Threads | Family::Multiproc, None) => format!("{} pool", family.lane()),
        (Family::Other, _) => cut(&case.executor, 24),
        _ => family.word().to_owned(),
    };
    let has_width = matches!(family, Family::Threads | Family::Multiproc);
    if let (Detail::EngineAndWidth, false, Some(width)) = (detail, has_width, width) {
        text += &format!(" {width}");
    }
    let engine = Family::engine(&case.executor);
    if detail != Detail::Family && family != Family::Other && !engine.is_empty() {
        text += &format!(" ({})", cut(engine, 16));
    }
    if case.batch.get() > 1 {
        text += &format!(" × {} items", case.batch);
    }
    let revision = row.row.revision.as_deref().map(|revision| format!(" @ {}", cut(revision, 9)));
    text + &revision.unwrap_or_default()
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
    fn an_executor_is_called_by_its_family_and_by_its_engine_where_there_are_several() {
        let all = ["seq", "threads-rayon", "threads-threadpool", "procs-ipc", "async-false-smol"];
        let words = all.map(|id| executor_words(id, &all));
        let expected =
            ["sequential", "threads (rayon)", "threads (threadpool)", "multiproc", "false async"];
        assert_eq!(words, expected);
        assert_eq!(executor_words("mpi", &["mpi"]), "mpi");
    }

    #[test]
    fn a_name_in_little_room_keeps_its_ends() {
        let ends = ends_of("requests, at most 8 in flight: threads-threadpool");
        assert_eq!(ends, "requests, … threads-threadpool");
        assert_eq!(ends_of("Threaded requests (8 threads)"), "Threaded requests (8 threads)");
        let word = "x".repeat(40) + "end";
        assert!(ends_of(&word).ends_with("end") && ends_of(&word).chars().count() <= 32);
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(cut("żółw", 3), "żó…");
        assert_eq!(cut("abc", 3), "abc");
    }
}
