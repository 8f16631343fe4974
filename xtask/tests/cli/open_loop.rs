//! Items that arrive on schedule, as far as no case has to run.

use crate::support::Paceline;

#[test]
fn what_cannot_be_planned_is_refused_before_anything_runs() {
    let paceline = Paceline::new();
    let matrix = paceline.two_rows();
    let refuse = |load: &[&str], words: &str| {
        let refused = paceline.bench(&[&["--matrix", &matrix], load].concat()).expect_code(2);
        assert!(refused.stderr.contains(words), "{words}: {}", refused.stderr);
    };
    refuse(&["--for", "1s"], "--for needs --rate or --find-rate");
    refuse(&["--rate", "0/s"], "is no rate");
    refuse(&["--rate", "1000000/s", "--for", "1h"], "5000000 are the most");
    refuse(&["--find-rate", "p98=1s"], "is no limit of latency");
    refuse(&["--rate", "5/s", "--vs", "main"], "cannot be used with");
    refuse(&["--find-rate", "p99=1s", "--rounds", "3"], "cannot be used with");
    refuse(&["--find-rate", "p99=1s", "--gate", "5%"], "cannot be used with");
    refuse(&["--rate", "5/s", "--gate-memory", "5%"], "cannot be used with");
    refuse(&["--rate", "5/s", "--precision", "5%"], "cannot be used with");
    for form in ["seed", "pyperf", "hyperfine", "bencher", "github"] {
        refuse(&["--rate", "5/s", "--format", form], "each time would be the schedule's");
    }
}
