//! The layout of the reference table, so that both can be laid side by side.

use paceline_stats::Run;
use paceline_stats::summary::RowSummary;

use crate::cell::{mib, name, word};
use crate::notes::notes;

/// The layout of the reference table: title, two blank lines, three columns, a footer.
#[must_use]
pub fn seed_layout(run: &Run) -> String {
    let lines: Vec<Line> = run.rows().iter().map(Line::of).collect();
    let host = &run.header().host;
    let platform: Vec<&str> = [host.os.as_str()]
        .into_iter()
        .chain(host.kernel_release.as_deref())
        .chain([host.arch.as_str()])
        .collect();
    format!(
        "{}\n\n\n{}\nPlatform: {}\nCPU Count: {}\npaceline version: {}\nrustc version: {}\n{}",
        name(&run.header().plan.matrix.title),
        layout(&lines),
        name(&platform.join("-")),
        host.logical_cores.map_or("unknown".to_owned(), |cores| cores.to_string()),
        run.header().paceline,
        run.header().rustc,
        notes(run)
    )
}

/// One line of the table, as text.
struct Line {
    name: String,
    time: String,
    memory: String,
}

impl Line {
    fn of(row: &RowSummary) -> Self {
        let mean = row.seconds.as_ref().map(|seconds| number(seconds.mean()));
        let time = mean.unwrap_or_else(|| word(&row.state).to_owned());
        let memory = row.memory.as_ref().map_or("-".to_owned(), |memory| size(memory.peak_bytes));
        Self { name: name(&row.row.name), time, memory }
    }
}

/// Columns as wide as their widest cell and two blanks apart; times are aligned at their point.
fn layout(lines: &[Line]) -> String {
    let widest = |cells: &mut dyn Iterator<Item = usize>| cells.max().unwrap_or(0);
    let names = widest(&mut lines.iter().map(|line| line.name.chars().count())).max(9);
    let decimals = widest(&mut lines.iter().map(|line| decimals(&line.time)));
    // The reference leaves two blanks more than its header needs.
    let times =
        widest(&mut lines.iter().map(|l| l.time.len() + decimals - self::decimals(&l.time)))
            .max("Mean time (sec)".len() + 2);
    let memories = widest(&mut lines.iter().map(|line| line.memory.len())).max(6);

    let mut text = format!("{:names$}  {:>times$}  {}\n", "Benchmark", "Mean time (sec)", "Memory");
    text += &format!("{}  {}  {}\n", "-".repeat(names), "-".repeat(times), "-".repeat(memories));
    for line in lines {
        let padded = format!("{}{}", line.time, " ".repeat(decimals - self::decimals(&line.time)));
        text += &format!("{:names$}  {padded:>times$}  {}\n", line.name, line.memory);
    }
    text
}

/// How many characters stand from the point on.
fn decimals(number: &str) -> usize {
    number.find('.').map_or(0, |point| number.len() - point)
}

/// At most three decimals, without trailing zeros.
fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn size(bytes: u64) -> String {
    let mib = mib(bytes);
    match mib < 1024.0 {
        true => format!("{mib:.3}MiB"),
        false => format!("{:.3}GiB", mib / 1024.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_table_laid_out_again_is_the_reference_table() {
        let reference = include_str!("../../../fixtures/reference/seed-report.txt");
        let table: Vec<&str> = reference
            .lines()
            .skip_while(|line| !line.starts_with("Benchmark"))
            .take_while(|line| !line.is_empty())
            .collect();
        let lines: Vec<Line> = table[2..]
            .iter()
            .map(|line| Line {
                name: line[..67].trim_end().to_owned(),
                time: number(line[67..86].trim().parse().expect("a time")),
                memory: line[86..].trim().to_owned(),
            })
            .collect();
        assert_eq!(layout(&lines).trim_end(), table.join("\n"));
    }

    #[test]
    fn sizes_are_told_as_the_reference_tells_them() {
        assert_eq!(size(39_780_352), "37.938MiB");
        assert_eq!(size(1_578_402_054), "1.470GiB");
    }
}
