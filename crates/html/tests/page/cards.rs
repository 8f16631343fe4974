//! What the cards on top say: which row, how sure that is, and of what work.

use std::sync::LazyLock;

use paceline_journal::{Journal, SampleOutcome};

use crate::{QUICK, SEED, SMOKE, page, parsed};

/// The cards of a run with few rounds, made once: their intervals take a while.
static FEW: LazyLock<String> = LazyLock::new(|| cards(&parsed(QUICK)));

/// The text of the cards, without tags.
fn cards(journal: &Journal) -> String {
    let page = page(journal);
    let start = page.find("<div class=\"cards\">").expect("there are cards");
    let end = page.find("<figure").expect("charts follow the cards");
    let parts = page[start..end].split('<').map(|part| part.split_once('>').map_or("", |(_, t)| t));
    parts.collect::<String>().replace('\u{a0}', " ")
}

/// The journal with this group for all of its rows.
fn of_group(mut journal: Journal, group: Option<&str>) -> Journal {
    for row in &mut journal.header.plan.rows {
        row.group = group.map(str::to_owned);
    }
    journal
}

#[test]
fn too_few_rounds_are_said_to_be_an_estimate_and_enough_to_tell() {
    assert!(FEW.contains("an estimate"));
    assert!(cards(&parsed(SMOKE)).contains("told at 95 %"));
}

#[test]
fn few_rounds_are_too_few_for_all_rows_at_once_and_not_for_what_is_beyond_doubt() {
    let cards = &*FEW;
    let few = "4 rounds do not prove which of 15 rows are slower than the fastest: at 95 %, corrected for so many \
               comparisons at once (after Holm), that takes 10 rounds (the same command with --rounds 10).";
    assert!(cards.contains(few), "{cards}");
    let doubtless = "Slower beyond doubt all the same: sequential, which takes 20.8 to 24.8 times as long in every \
                     round, and 11 other rows.";
    assert!(cards.contains(doubtless), "{cards}");
    assert!(!cards.contains("tell two rows apart"), "{cards}");
    let scattered = "Sequential takes 1.25 to 2.29 times as long in every round: too scattered";
    assert!(cards.contains(scattered), "{cards}");
    let others = "beyond doubt all the same: 4 processes. 9 more took longer in every round, by factors too \
                  scattered to say so.";
    assert!(cards.contains(others), "{cards}");
}

#[test]
fn one_round_proves_nothing_and_is_not_called_beyond_doubt() {
    let cards = cards(&parsed(SEED));
    assert!(cards.contains("1 round does not prove which of 15 rows"), "{cards}");
    assert!(!cards.contains("beyond doubt") && cards.contains("In the only round"), "{cards}");
    assert!(cards.contains("that of the sequential row; no interval"), "{cards}");
}

#[test]
fn rows_that_may_be_as_fast_and_those_not_beaten_are_named() {
    let cards = &*FEW;
    let open =
        "Open: 1024 threads and 256 threads are within 10 % of the fastest row and may be as fast";
    assert!(cards.contains(open), "{cards}");
    let why = "of these, this one is picked for its width, since memory does not tell them apart.";
    assert!(cards.contains(why), "{cards}");
    assert!(
        cards.contains(
            "In each of the 4 rounds it was faster than every other row but 256 threads."
        )
    );
    assert!(cards.contains("The next row by the means, 4 processes, takes 1.19 times as long."));
}

#[test]
fn a_speed_has_its_interval_and_says_what_level_that_has() {
    let few = &*FEW;
    assert!(
        few.contains(
            "22.3×that of the sequential row; 20.8 to 24.8 at 87.5 %, all that 4 rounds give"
        ),
        "{few}"
    );
    let enough = cards(&parsed(SMOKE));
    assert!(enough.contains(" at 95 %vs ideal"), "{enough}");
}

#[test]
fn the_work_is_said_in_words() {
    let cards = &*FEW;
    assert!(cards.contains("IO work · 50 records are fetched by a request each from a simulated"));
    assert!(cards.contains("every third is updated by a second one"), "{cards}");
    assert!(cards.contains("each answer is a wait of at most 66 ms, without any network"));
    assert!(cards.contains("CPU work · 64 photographs of the set “quick” are decoded"));
    assert!(!cards.contains("max_wait_us"));
}

#[test]
fn the_matrix_says_what_kind_of_work_it_is_whatever_was_measured() {
    // As on a busy machine: the sequential row got half of a core.
    let mut busy = parsed(SMOKE);
    for sample in &mut busy.samples {
        if let SampleOutcome::Measured { measured, .. } = &mut sample.outcome {
            (measured.user_ns, measured.system_ns) = (Some(measured.total_ns() / 2), Some(0));
        }
    }
    let unsaid = cards(&of_group(busy.clone(), None));
    assert_eq!(unsaid.matches("Mixed work: ").count(), 2, "{unsaid}");
    let told = cards(&of_group(busy.clone(), Some("cpu")));
    assert_eq!(told.matches("CPU work: ").count(), 2, "{told}");
    assert!(told.contains("CPU work: api · ") && told.contains("CPU work: rotate · "), "{told}");
    assert_eq!(cards(&of_group(busy, Some("mine"))).matches("Mixed work").count(), 2);
}

#[test]
fn the_spelling_of_the_reference_is_called_its_own_where_the_rows_are_the_reference_s() {
    assert!(page(&parsed(QUICK)).contains("“asyncronous” is its spelling"));
    let mut other = parsed(QUICK);
    other.header.plan.matrix.name = "http".to_owned();
    assert!(!page(&other).contains("is its spelling"));
}

#[test]
fn of_two_rows_in_sequence_one_has_the_sentence_and_the_other_is_a_row_like_any() {
    let mut journal = parsed(QUICK);
    let first = journal.header.plan.rows[0].clone();
    let name = "Sequential once more".to_owned();
    let again: Vec<_> =
        journal.samples.iter().filter(|sample| sample.row == first.name).cloned().collect();
    journal.samples.extend(again.into_iter().map(|mut sample| {
        sample.row.clone_from(&name);
        sample
    }));
    journal.header.plan.rows.push(paceline_journal::Row { name, ..first });
    let cards = cards(&journal);
    let io = &cards[..cards.find("CPU work").expect("two cards")];
    assert_eq!(io.matches("Sequential takes").count(), 0, "{io}");
    assert!(io.contains("beyond doubt all the same: sequential, which takes 20.8 to 24.8"), "{io}");
    assert!(io.contains("and 12 other rows"), "{io}");
}
