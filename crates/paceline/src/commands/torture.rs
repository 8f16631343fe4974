//! `cargo xtask torture`: process pools under random murder.

use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::cli::TortureArgs;
use crate::commands::{print, say};
use crate::exit::INVALID_CASE;
use crate::torture::{Tally, Torturer};
use paceline_driver::images;
use paceline_driver::matrix::ImageSet;
use paceline_driver::worker::Worker;

/// How many violations are shown.
const MOST_SHOWN: usize = 20;

pub(crate) fn run(args: &TortureArgs) -> Result<ExitCode> {
    let worker = Worker::build()?;
    let images = images::ensure(ImageSet::Quick, &say)?;
    // A short path: the folder holds sockets, whose paths are limited to about 100 bytes.
    let folder = std::env::temp_dir().join(format!("paceline-torture-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
    let torturer = Torturer::new(worker, images, folder.clone(), args.seed)?;

    let began = Instant::now();
    let mut tally = Tally::default();
    for number in 1..=args.trials {
        if began.elapsed().as_secs_f64() >= args.seconds.as_secs_f64() {
            break;
        }
        torturer.run(number, &mut tally)?;
        if number % 100 == 0 {
            say(&format!("{number} trials, {} violations", tally.violations.len()));
        }
    }
    fs::remove_dir_all(&folder).with_context(|| format!("remove {}", folder.display()))?;

    let text = report(&tally, args, began.elapsed().as_secs_f64());
    print(&text)?;
    if let Some(path) = &args.out {
        fs::write(path, &text).with_context(|| format!("write {}", path.display()))?;
    }
    Ok(if tally.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(INVALID_CASE) })
}

fn report(tally: &Tally, args: &TortureArgs, seconds: f64) -> String {
    let host = paceline_measure::host::facts();
    let known = |fact: Option<String>| fact.unwrap_or_else(|| "unknown".to_owned());
    let mut text = format!(
        "# Torture of the process pool\n\n\
         `cargo xtask torture --seconds {} --trials {} --seed {}` on {} with {} usable cores, kernel {}, in {seconds:.0} s.\n\n\
         | what | count |\n| --- | --- |\n| trials | {} |\n| violations | {} |\n\
         | receipts | {} |\n| items lost with a killed child | {} |\n| items run again | {} |\n\
         | marks of items that began | {} |\n\
         | children killed (SIGKILL) | {} |\n| children stopped (SIGSTOP) | {} |\n\
         | workers killed | {} |\n\
         | trials refused, a child having been killed before it was ready | {} |\n",
        args.seconds.as_secs(),
        args.trials,
        args.seed,
        known(host.cpu_model),
        host.usable_cores,
        known(host.kernel_release),
        tally.trials,
        tally.violations.len(),
        tally.items,
        tally.lost,
        tally.retried,
        tally.marks,
        tally.kills,
        tally.stops,
        tally.parents_killed,
        tally.refused,
    );
    for violation in tally.violations.iter().take(MOST_SHOWN) {
        text += &format!("\nviolation: {violation}\n");
    }
    text
}
