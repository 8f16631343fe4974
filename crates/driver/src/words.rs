//! A plan in words, for a dry run.

use paceline_journal::{Plan, Row};
use paceline_protocol::escape;

use crate::inputs::URL;
use crate::inputs::url::REQUESTS;

/// What would be run.
#[must_use]
pub fn in_words(plan: &Plan) -> String {
    let for_memory = match plan.conduct.memory_rounds {
        0 | 1 => String::new(),
        rounds => format!(
            ", of which {} are for memory alone, in rounds 1 to {}",
            plan.rows.len() * (rounds as usize - 1),
            rounds - 1
        ),
    };
    let rounds = plan.conduct.stop.rounds;
    let what = match plan.conduct.search {
        Some(_) => format!("a search with at most {rounds} rates for each row"),
        None => {
            format!("1 warm-up round and {rounds} counted, {} samples{for_memory}", plan.samples())
        }
    };
    let mut text = format!(
        "{} of matrix `{}` at scale `{}`: {what}, seed {}\n",
        match plan.rows.len() {
            1 => "1 row".to_owned(),
            rows => format!("{rows} rows"),
        },
        plan.matrix.name,
        plan.scale,
        plan.seed
    );
    if let Some(requests) = requests(plan) {
        text += &format!("{requests}\n");
    }
    for Row { name, case, .. } in &plan.rows {
        let name = escape::name(name);
        let width = case.width.map_or("items".to_owned(), |width| width.to_string());
        let (workload, executor, batch) = (&case.spec.workload, &case.executor, case.batch);
        text += &format!(
            "  {name}\n    workload {workload}, executor {executor}, width {width}, batch {batch}\n"
        );
    }
    text
}

/// How many requests the rows of `plan` send to services of the user's own, in words. For a search only the
/// maximum is known beforehand.
fn requests(plan: &Plan) -> Option<String> {
    let asking = plan.rows.iter().filter(|row| row.case.spec.workload == URL);
    let of_rows: Vec<u64> =
        asking.filter_map(|row| row.case.spec.params.get(REQUESTS)?.parse().ok()).collect();
    let (least, most) = (*of_rows.iter().min()?, *of_rows.iter().max()?);
    if let Some(search) = plan.conduct.search {
        let highest_per_s = search.highest_per_s;
        return Some(format!(
            "your own service: the highest rate tried is {highest_per_s}/s, which is {most} requests in a sample"
        ));
    }
    let samples = (plan.samples() / plan.rows.len()) as u64;
    let in_all = of_rows.iter().sum::<u64>().saturating_mul(samples);
    let each = if least == most { most.to_string() } else { format!("{least} to {most}") };
    Some(format!(
        "your own service: {each} requests in a sample, {in_all} in all if none is taken again"
    ))
}
