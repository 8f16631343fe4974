//! Times as bars.

use anstyle::{AnsiColor, Style};
use paceline_core::Family;
use paceline_stats::Run;
use paceline_stats::summary::{RowSummary, by_workload};

use crate::advice::title;
use crate::cell::{name, word};
use crate::layout::{fitted, width};
use crate::notes::notes;
use crate::open_loop::open_loop;
use crate::order::sorted;
use crate::screen::Screen;
use crate::view::View;

/// How wide the picture is where lines may be of any length, with its names and numbers.
const FULL_WIDTH: usize = 120;

/// The fewest characters that a bar at full length may have.
const LEAST_BAR: usize = 10;

/// What the picture is drawn with.
struct Ink {
    bar: char,
    low: char,
    high: char,
    between: char,
    mean: char,
    ideal: char,
}

const UNICODE: Ink =
    Ink { bar: '█', low: '├', high: '┤', between: '─', mean: '●', ideal: '┊' };
const ASCII: Ink = Ink { bar: '=', low: '[', high: ']', between: '-', mean: 'o', ideal: '|' };

/// The mean time of each row as a bar from zero, with its 95 % interval and its ideal; rows of one
/// workload share a scale. Below it what is missing, as below the table.
#[must_use]
pub fn bars(run: &Run, view: &View) -> String {
    let rows = sorted(run, view.order);
    let line = view.screen.width;
    let mut text = fitted(&name(&run.header().plan.matrix.title), line) + "\n";
    for (spec, rows) in by_workload(rows) {
        let chart = Chart::of(&rows, view.screen);
        text += &format!("\n{}\n{}", fitted(&name(&title(spec)), line), chart.text());
    }
    let Ink { bar, low, high, mean, ideal, .. } = ink(view.screen);
    let legend = format!(
        "{bar} mean time, from 0; {low}{mean}{high} the mean in its 95 % interval; {ideal} the ideal. \
         Lengths compare within a workload."
    );
    text + "\n"
        + &fitted(&legend, line)
        + "\n"
        + &open_loop(run, view.screen)
        + &fitted(&notes(run), line)
}

fn ink(screen: Screen) -> &'static Ink {
    if screen.ascii { &ASCII } else { &UNICODE }
}

/// The rows of one workload.
struct Chart<'a> {
    rows: Vec<&'a RowSummary>,
    screen: Screen,
    name_width: usize,
    bar_width: usize,
    /// The time at the end of the longest line, in seconds.
    most_s: f64,
}

impl<'a> Chart<'a> {
    fn of(rows: &[&'a RowSummary], screen: Screen) -> Self {
        let line = screen.width.unwrap_or(FULL_WIDTH);
        let widest = |text: fn(&RowSummary) -> String| {
            rows.iter().map(|row| width(&text(row))).max().unwrap_or(0)
        };
        let names = widest(|row| name(&row.row.name));
        // Two blanks before the name, and one around the bar.
        let room = line.saturating_sub(widest(number) + 4);
        let name_width = names.min(room.saturating_sub(LEAST_BAR).min(room * 3 / 5)).max(8);
        let bar_width = room.saturating_sub(name_width).max(LEAST_BAR);
        let most_s = rows.iter().filter_map(|row| ends(row)).map(|ends| ends.2).fold(0.0, f64::max);
        Self { rows: rows.to_vec(), screen, name_width, bar_width, most_s }
    }

    fn text(&self) -> String {
        self.rows.iter().map(|row| self.line(row)).collect()
    }

    /// A row: its name on as many lines as it takes, the bar and the number on the first of them.
    fn line(&self, row: &RowSummary) -> String {
        let shown = name(&row.row.name);
        let names = textwrap::wrap(&shown, self.name_width);
        let first = names.first().map_or("", |first| first.as_ref());
        let blanks = " ".repeat(self.name_width.saturating_sub(width(first)));
        let mut text = format!("  {first}{blanks} {} {}\n", self.bar(row), number(row));
        for more in names.iter().skip(1) {
            text += &format!("  {more}\n");
        }
        text
    }

    fn bar(&self, row: &RowSummary) -> String {
        let Some((low, mean, high)) = ends(row) else { return " ".repeat(self.bar_width) };
        let ink = ink(self.screen);
        let (low, mean, high) = (self.place(low), self.place(mean), self.place(high));
        let mut cells = vec![' '; self.bar_width];
        cells[..mean].fill(ink.bar);
        if low < high {
            cells[low..=high].fill(ink.between);
            (cells[low], cells[high]) = (ink.low, ink.high);
        }
        if let Some(parts) = row.breakdown {
            cells[self.place(parts.makespan_s())] = ink.ideal;
        }
        cells[mean] = ink.mean;
        let bar: String = cells.into_iter().collect();
        if !self.screen.color {
            return bar;
        }
        let style = style(Family::of(&row.row.case.executor));
        format!("{style}{bar}{style:#}")
    }

    /// The character in which a time lies.
    fn place(&self, time_s: f64) -> usize {
        let share = if self.most_s > 0.0 { time_s / self.most_s } else { 0.0 };
        let last = self.bar_width - 1;
        // A conversion to an integer saturates, so that no time leads out of the line.
        ((share * last as f64).round() as usize).min(last)
    }
}

/// The mean and the ends of its interval, in seconds: low, mean, high.
fn ends(row: &RowSummary) -> Option<(f64, f64, f64)> {
    let mean = row.seconds.as_ref()?.mean();
    let (low, high) = row.interval.map_or((mean, mean), |interval| (interval.low, interval.high));
    Some((low.min(mean), mean, high.max(mean)))
}

fn number(row: &RowSummary) -> String {
    match &row.seconds {
        Some(seconds) => format!("{:.4} s", seconds.mean()),
        None => word(&row.state).to_owned(),
    }
}

/// One colour a family; the names say the same, so nobody has to tell colours apart.
fn style(family: Option<Family>) -> Style {
    let color = match family {
        Some(Family::Async) => AnsiColor::Cyan,
        Some(Family::Threads) => AnsiColor::Green,
        Some(Family::Multiproc) => AnsiColor::Magenta,
        _ => return Style::new(),
    };
    color.on_default()
}
