//! What besides the code can make runs differ.

use paceline_journal::RunHeader;

/// One phrase for each circumstance in which the runs are not alike, with what it was in each of them:
/// host, scale, seed, compiler. Empty if they are alike, so that their rows may be compared.
#[must_use]
pub fn differences(runs: &[&RunHeader]) -> Vec<String> {
    let differ = CIRCUMSTANCES.iter().enumerate().filter_map(|(place, what)| {
        let mut seen: Vec<String> = Vec::new();
        for value in runs.iter().map(|run| circumstances(run)[place].clone()) {
            if !seen.contains(&value) {
                seen.push(value);
            }
        }
        let (last, others) = seen.split_last().filter(|(_, others)| !others.is_empty())?;
        Some(format!("different {what}: {} and {last}", others.join("; ")))
    });
    differ.collect()
}

const CIRCUMSTANCES: [&str; 4] = ["hosts", "scales", "seeds", "compilers"];

/// A run's circumstances, in the order of [`CIRCUMSTANCES`].
fn circumstances(run: &RunHeader) -> [String; 4] {
    [host(run), run.plan.scale.clone(), run.plan.seed.to_string(), run.rustc.clone()]
}

fn host(run: &RunHeader) -> String {
    let known = |fact: &Option<String>| fact.clone().unwrap_or_else(|| "unknown".to_owned());
    format!(
        "{} with {} usable core{}, {}",
        known(&run.host.cpu_model),
        run.host.usable_cores,
        if run.host.usable_cores == 1 { "" } else { "s" },
        known(&run.host.kernel_release)
    )
}
