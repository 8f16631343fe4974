//! The suite cannot be passed otherwise: every rogue is caught by the check named for it, and by no
//! other. Process-wide state is looked at, so this test has a binary of its own.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::Duration;
use std::{env, fs, process};

use paceline_testkit::rogues::{LEFT_BEHIND_PREFIX, ROGUES, Rogue};
use paceline_testkit::{CHECKS, Subject, Verdict};

/// Enough for a slow machine, and not more, since one rogue hangs and others let items wait in vain.
const PATIENCE: Duration = Duration::from_secs(6);

/// The score is written past the capture of the test harness, so that a test run always shows it.
#[test]
#[ignore = "rogues hang until a deadline ends them, which takes a minute in all"]
fn every_rogue_is_caught_by_exactly_the_check_that_is_named_for_it() -> io::Result<()> {
    let (mut escaped, mut unseen) = (Vec::new(), 0);
    for rogue in rogues() {
        let found = Found::of(rogue);
        println!("{}: {}: {found:?}", rogue.executor.id(), rogue.flaw);
        if found.cannot_tell(rogue.caught_by) {
            unseen += 1;
        } else if !found.only(rogue.caught_by) {
            escaped.push((rogue.executor.id(), found));
        }
    }
    remove_what_rogues_left()?;
    let all = rogues().count();
    let caught = all - escaped.len() - unseen;
    writeln!(io::stdout(), "mutation score: {caught} of {all}, {unseen} that cannot be seen here")?;
    assert!(escaped.is_empty(), "not caught by exactly the named check: {escaped:#?}");
    // Only where there is no /proc is there anything that cannot be seen.
    assert!(unseen == 0 || !cfg!(target_os = "linux"), "{unseen} could not be looked at");
    assert!(caught >= 15, "{caught}");
    Ok(())
}

#[test]
fn every_check_has_a_rogue_and_every_rogue_an_id_of_its_own() {
    let caught_by: BTreeSet<&str> = rogues().map(|rogue| rogue.caught_by).collect();
    let checks: BTreeSet<&str> = CHECKS.iter().map(|check| check.name).collect();
    assert_eq!(caught_by, checks);
    let ids: BTreeSet<&str> = rogues().map(|rogue| rogue.executor.id()).collect();
    assert_eq!(ids.len(), rogues().count());
}

fn rogues() -> impl Iterator<Item = &'static Rogue> {
    ROGUES.iter().copied().flatten()
}

/// What the suite says of a rogue.
#[derive(Debug)]
struct Found {
    breaches: Vec<(&'static str, String)>,
    skipped: Vec<&'static str>,
}

impl Found {
    fn of(rogue: &Rogue) -> Self {
        let subject = Subject::new(rogue.executor).with_patience(PATIENCE);
        let mut found = Self { breaches: Vec::new(), skipped: Vec::new() };
        for check in CHECKS {
            match check.run(&subject) {
                Ok(Verdict::Kept) => {}
                Ok(Verdict::Skipped(_)) => found.skipped.push(check.name),
                Err(breach) => found.breaches.push((check.name, breach.to_string())),
            }
        }
        found
    }

    /// Whether the check called `name` could not be made on this system, and no other found anything.
    fn cannot_tell(&self, name: &str) -> bool {
        self.breaches.is_empty() && self.skipped.contains(&name)
    }

    /// Whether the check called `name` alone found a breach.
    fn only(&self, name: &str) -> bool {
        matches!(self.breaches.as_slice(), [(check, _)] if *check == name)
    }
}

fn remove_what_rogues_left() -> io::Result<()> {
    let own = format!("{LEFT_BEHIND_PREFIX}{}-", process::id());
    for file in fs::read_dir(env::temp_dir())? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with(&own) {
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}
