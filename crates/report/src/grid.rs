//! A table with names in its first column, made to fit a line.
//!
//! On a line of limited width headers have two lines and names are broken; then the columns that can go
//! do so, in a stated order, until a name has room. Where lines may be of any length, nothing is broken
//! and nothing goes.

use std::borrow::Cow;

use tabled::builder::Builder;
use tabled::settings::formatting::AlignmentStrategy;
use tabled::settings::object::{Cell, Columns, Rows};
use tabled::settings::{Alignment, Color, Style};

use crate::layout::{prose, width};
use crate::view::Screen;

/// The narrowest that names are made before a column goes.
pub(crate) const LEAST_NAME: usize = 28;

/// What a separator and its blanks take between two columns, and outside of the first and the last.
const BETWEEN: usize = 3;
const OUTSIDE: usize = 2;

/// The head over the names.
pub(crate) const NAMES: &str = "Benchmark";

/// A column behind the names.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// Its title, on two lines.
    title: [Cow<'static, str>; 2],
    /// Its turn to go where there is no room, from 1; `None` for what stays. Those of one turn go together.
    goes: Option<u8>,
    /// Whether it has words, which stand to the left, instead of numbers.
    has_words: bool,
    /// The colour of a cell with this text, where there are colours.
    tint: fn(&str) -> Option<Color>,
}

impl Head {
    pub(crate) const fn new([first, second]: [&'static str; 2]) -> Self {
        let title = [Cow::Borrowed(first), Cow::Borrowed(second)];
        Self { title, goes: None, has_words: false, tint: |_| None }
    }

    /// One of several columns that are alike, of which `first` tells this one.
    pub(crate) fn one_of(first: String, second: &'static str) -> Self {
        let title = [Cow::Owned(first), Cow::Borrowed(second)];
        Self { title, ..Self::new(["", ""]) }
    }

    pub(crate) const fn goes(mut self, turn: u8) -> Self {
        self.goes = Some(turn);
        self
    }

    pub(crate) const fn of_words(mut self) -> Self {
        self.has_words = true;
        self
    }

    pub(crate) const fn tinted(mut self, tint: fn(&str) -> Option<Color>) -> Self {
        self.tint = tint;
        self
    }

    pub(crate) fn on_one_line(&self) -> String {
        self.title.join(" ").trim_end().to_owned()
    }

    fn on_two_lines(&self) -> String {
        self.title.join("\n").trim_end().to_owned()
    }
}

/// A table before it is made to fit: the heads behind the names, and each row's name and cells.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    pub(crate) heads: Vec<Head>,
    pub(crate) rows: Vec<(String, Vec<String>)>,
}

/// A table that fits.
#[derive(Debug, Clone)]
pub(crate) struct Fitted {
    /// The table, and below it which columns went.
    pub(crate) text: String,
    /// The titles of the columns that are there.
    pub(crate) shown: Vec<String>,
}

impl Grid {
    /// The table on lines that `screen` can show.
    pub(crate) fn fitted(mut self, screen: Screen) -> Fitted {
        let gone = self.leave_out(screen.width);
        let shown = self.heads.iter().map(Head::on_one_line).collect();
        let table = match screen.width {
            None => self.drawn(Head::on_one_line, None, screen),
            Some(limit) => {
                let width = name_width(room(limit, &self.widths()), self.names_width());
                self.drawn(Head::on_two_lines, Some(width), screen)
            }
        };
        let text = match gone.is_empty() {
            true => table + "\n",
            false => {
                let gone = format!("Not shown, for want of width: {}.", gone.join(", "));
                format!("{table}\n\n{}\n", prose(&gone, screen.width))
            }
        };
        Fitted { text, shown }
    }

    /// Takes the columns out for which a line has no room, and returns their titles.
    fn leave_out(&mut self, line: Option<usize>) -> Vec<String> {
        let Some(limit) = line else { return Vec::new() };
        let names = self.names_width();
        let mut gone = Vec::new();
        while room(limit, &self.widths()) < LEAST_NAME.min(names) {
            let turns = self.heads.iter().filter_map(|head| head.goes);
            let Some(turn) = turns.min() else { break };
            while let Some(at) = self.heads.iter().position(|head| head.goes == Some(turn)) {
                gone.push(self.heads.remove(at).on_one_line());
                for (_, cells) in &mut self.rows {
                    cells.remove(at);
                }
            }
        }
        gone
    }

    fn names_width(&self) -> usize {
        names_width(self.rows.iter().map(|(name, _)| name.as_str()))
    }

    /// How wide each column must be.
    fn widths(&self) -> Vec<usize> {
        let widest = |(at, head): (usize, &Head)| {
            let cells = self.rows.iter().map(|(_, cells)| width(&cells[at]));
            cells.max().unwrap_or(0).max(width(&head.on_two_lines()))
        };
        self.heads.iter().enumerate().map(widest).collect()
    }

    fn drawn(
        &self,
        title: fn(&Head) -> String,
        name_width: Option<usize>,
        screen: Screen,
    ) -> String {
        let mut builder = Builder::default();
        builder.push_record([NAMES.to_owned()].into_iter().chain(self.heads.iter().map(title)));
        for (name, cells) in &self.rows {
            let name = broken(name, name_width);
            builder.push_record([name].into_iter().chain(cells.iter().cloned()));
        }
        let mut table = builder.build();
        table.with(Style::psql()).modify(Columns::new(1..), Alignment::right());
        for (at, _) in self.heads.iter().enumerate().filter(|(_, head)| head.has_words) {
            table.modify(Columns::one(at + 1), Alignment::left());
        }
        table.modify(Rows::first(), AlignmentStrategy::PerLine);
        if screen.color {
            table.modify(Rows::first(), Color::BOLD);
            for (place, color) in self.tints() {
                table.modify(place, color);
            }
        }
        table.to_string()
    }

    /// The cells that are coloured.
    fn tints(&self) -> impl Iterator<Item = (Cell, Color)> {
        let of_row = |(row, (_, cells)): (usize, &(String, Vec<String>))| {
            let heads = self.heads.iter().zip(cells).enumerate();
            let tinted = heads.filter_map(move |(at, (head, cell))| {
                Some((Cell::new(row + 1, at + 1), (head.tint)(cell)?))
            });
            tinted.collect::<Vec<_>>()
        };
        self.rows.iter().enumerate().flat_map(of_row)
    }
}

/// What is left for names on a line of `limit` beside columns of these widths.
pub(crate) fn room(limit: usize, widths: &[usize]) -> usize {
    limit.saturating_sub(OUTSIDE + widths.iter().map(|width| width + BETWEEN).sum::<usize>())
}

/// How wide the names are, and the head over them.
pub(crate) fn names_width<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.chain([NAMES]).map(width).max().unwrap_or(0)
}

/// How wide names are made that are up to `names` wide and have `room`. Below a few characters a name
/// cannot be read, and the table is rather too wide.
pub(crate) fn name_width(room: usize, names: usize) -> usize {
    room.clamp(1, names).max(LEAST_NAME.min(names) / 2)
}

/// A name on as many lines as it takes.
pub(crate) fn broken(name: &str, width: Option<usize>) -> String {
    width.map_or_else(|| name.to_owned(), |width| textwrap::fill(name, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(name: &str) -> Grid {
        let heads = vec![
            Head::new(["Mean time", "(sec)"]),
            Head::new(["Second", "to go"]).goes(2),
            Head::new(["First", "to go"]).goes(1),
        ];
        let cells = || vec!["1.0".to_owned(), "a".to_owned(), "b".to_owned()];
        Grid { heads, rows: vec![(name.to_owned(), cells()), ("x".to_owned(), cells())] }
    }

    fn wide(limit: usize) -> Screen {
        Screen { width: Some(limit), ..Screen::default() }
    }

    #[test]
    fn columns_go_in_their_turn_and_what_went_is_said() {
        let name = "a name of several words that is not short";
        let fits = |limit: usize| grid(name).fitted(wide(limit)).text;
        assert!(!fits(80).contains("Not shown"), "{}", fits(80));
        let gone = |limit: usize| fits(limit).replace('\n', " ");
        assert_eq!(grid(name).fitted(wide(52)).shown, ["Mean time (sec)", "Second to go"]);
        assert!(gone(52).contains("Not shown, for want of width: First to go. "), "{}", fits(52));
        assert!(gone(42).contains("want of width: First to go, Second to go. "), "{}", fits(42));
        for limit in 40..90 {
            let table = fits(limit);
            let table = table.split("\n\n").next().expect("the table comes first");
            assert!(width(table) <= limit, "{limit}:\n{table}");
        }
    }

    #[test]
    fn nothing_goes_and_nothing_is_broken_where_lines_are_long() {
        let Fitted { text, shown } = grid(&"long ".repeat(40)).fitted(Screen::default());
        assert_eq!((text.lines().count(), shown.len()), (4, 3), "{text}");
        assert!(text.contains("First to go"), "{text}");
    }

    #[test]
    fn cells_are_coloured_by_their_text_where_there_are_colours() {
        let mut grid = grid("x");
        grid.heads[1] =
            grid.heads[1].clone().tinted(|text| (text == "a").then_some(Color::FG_GREEN));
        let colored = Screen { color: true, ..Screen::default() };
        assert!(!grid.clone().fitted(Screen::default()).text.contains('\u{1b}'));
        let text = grid.fitted(colored).text;
        assert_eq!(text.matches("\u{1b}[32m").count(), 2, "{text:?}");
        assert_eq!(text.matches("\u{1b}[1m").count(), 4, "{text:?}");
    }
}
