//! Whatever a row is called, what is written is read back.

use paceline_report::{bencher, csv, github, hyperfine, junit, markdown, pyperf};
use proptest::prelude::*;
use serde_json::Value;

use crate::journals::{named, run};
use crate::tables::{cells, records, tests};

/// Characters that some form or terminal gives a meaning to, and some that are only rare.
const ODD: &[char] = &[
    '"', '\'', '<', '>', '&', '|', '\\', '`', '*', '_', '[', ']', '(', ')', '#', '~', '$', '!',
    ',', ';', '=', ' ', '\n', '\r', '\t', '\0', '\u{1b}', '\u{85}', '\u{a0}', 'ب', 'א', '\u{202e}',
    '\u{2028}', '\u{fffe}', '\u{feff}', '🚀', 'é', '\u{301}', 'a', '-', '0',
];

fn name() -> impl Strategy<Value = String> {
    let odd = prop::collection::vec(prop::sample::select(ODD), 0..24)
        .prop_map(|characters| characters.into_iter().collect());
    prop_oneof![odd, ".{0,40}", Just("</script><script>alert(1)</script>".to_owned())]
}

/// The name as it is shown: on one line, nothing hidden in it.
fn shown(name: &str) -> String {
    let hidden = |character: char| {
        let code = u32::from(character);
        let turns = [0x61c, 0x200e, 0x200f].contains(&code)
            || (0x2028..=0x202e).contains(&code)
            || (0x2066..=0x2069).contains(&code);
        character.is_control() || turns || code == 0xfffe || code == 0xffff
    };
    let escaped = |character: char| match hidden(character) {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    };
    name.chars().map(escaped).collect()
}

/// GFM takes blanks off the ends of a cell, and only those.
fn of_cell(text: &str) -> &str {
    text.trim_matches(' ')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_name_comes_back_from_csv_as_it_was(name in name()) {
        let text = csv(&run(&named(&name))).expect("every value has a form in CSV");
        let records = records(&text);
        prop_assert_eq!(records.len(), 2);
        prop_assert_eq!(&records[1][0], &name);
    }

    #[test]
    fn a_name_comes_back_from_markdown_as_it_is_shown(name in name()) {
        let text = markdown(&run(&named(&name)));
        let cells = cells(&text);
        prop_assert_eq!(cells.iter().map(Vec::len).collect::<Vec<_>>(), [6, 6], "{}", text);
        let shown = shown(&name);
        prop_assert_eq!(of_cell(&cells[1][0]), of_cell(&shown), "{}", text);
    }

    #[test]
    fn a_name_comes_back_from_junit_as_it_is_shown(name in name()) {
        let text = junit(&run(&named(&name))).expect("every value has a form in XML");
        let (_, cases) = tests(&text);
        prop_assert_eq!(&cases[0].0, &shown(&name));
    }

    #[test]
    fn a_name_comes_back_from_every_json(name in name()) {
        let journal = named(&name);
        let run = run(&journal);
        let parse = |text: Result<String, _>| -> Value {
            serde_json::from_str(&text.expect("there is a result")).expect("JSON")
        };
        let shown = shown(&name);
        let label = match shown.trim() {
            "" => "row 1",
            shown => shown,
        };
        prop_assert_eq!(&parse(hyperfine(&run))["results"][0]["command"], &name);
        let pyperf = parse(pyperf(&run));
        prop_assert_eq!(&pyperf["benchmarks"][0]["metadata"]["name"], label);
        prop_assert!(parse(bencher(&run)).get(label).is_some());
        let time = format!("{label} / time");
        prop_assert_eq!(&parse(github(&run))[0]["name"], &time);
    }
}
