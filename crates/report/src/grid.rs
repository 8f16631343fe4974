//! A table with names in its first column, made to fit a line.
//!
//! On a line of limited width headers have two lines and names are broken; then the columns that can go
//! do so, in a stated order, until a name has room. On a wide line more columns come, as long as every name
//! stays whole. Where lines may be of any length, nothing is broken, no column goes and none comes.

use std::borrow::Cow;

use tabled::builder::Builder;
use tabled::settings::formatting::AlignmentStrategy;
use tabled::settings::object::{self, Columns, Rows};
use tabled::settings::{Alignment, Color, Style};

use crate::layout::{prose, width};
use crate::screen::Screen;

/// The narrowest that names are made before a column goes.
const LEAST_NAME: usize = 28;

/// What a separator and its blanks take between two columns, and outside of the first and the last.
const BETWEEN: usize = 3;
const OUTSIDE: usize = 2;

/// The head over the names of rows.
const BENCHMARKS: &str = "Benchmark";

/// A column behind the names.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// Its title, on two lines.
    title: [Cow<'static, str>; 2],
    /// When it is there.
    room: Room,
    /// Whether it has words, which stand to the left, instead of numbers.
    has_words: bool,
}

/// How a column reacts to little or much room. Columns of one turn go or come together, those of the lowest
/// turn first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// It is always there.
    Stays,
    /// It goes if there is too little room.
    Goes(u8),
    /// It comes only if there is enough room.
    Comes(u8),
}

impl Head {
    pub(crate) const fn new([first, second]: [&'static str; 2]) -> Self {
        let title = [Cow::Borrowed(first), Cow::Borrowed(second)];
        Self { title, room: Room::Stays, has_words: false }
    }

    /// One of several columns that are alike, of which `first` tells this one.
    pub(crate) fn one_of(first: String, second: &'static str) -> Self {
        let title = [Cow::Owned(first), Cow::Borrowed(second)];
        Self { title, ..Self::new(["", ""]) }
    }

    pub(crate) const fn goes(mut self, turn: u8) -> Self {
        self.room = Room::Goes(turn);
        self
    }

    pub(crate) const fn comes(mut self, turn: u8) -> Self {
        self.room = Room::Comes(turn);
        self
    }

    pub(crate) const fn of_words(mut self) -> Self {
        self.has_words = true;
        self
    }

    pub(crate) fn on_one_line(&self) -> String {
        self.title.join(" ").trim_end().to_owned()
    }

    fn on_two_lines(&self) -> String {
        self.title.join("\n").trim_end().to_owned()
    }
}

/// What stands in a column for a row.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    /// Its colour, where there are colours.
    color: Option<Color>,
}

impl Cell {
    pub(crate) fn colored(text: String, color: Option<Color>) -> Self {
        Self { text, color }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, color: None }
    }
}

/// A table before it is made to fit.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    names: &'static str,
    may_break: bool,
    heads: Vec<Head>,
    rows: Vec<(String, Vec<Cell>)>,
}

/// A table that fits.
#[derive(Debug, Clone)]
pub(crate) struct Fitted {
    /// The table alone, without a newline at its end.
    pub(crate) table: String,
    /// The places of the columns that are there, among the heads.
    pub(crate) shown: Vec<usize>,
    /// The places of those that went, in the order in which they went.
    pub(crate) gone: Vec<usize>,
}

impl Grid {
    /// The heads behind the names, and the name and the cells of each row.
    pub(crate) fn new(heads: Vec<Head>, rows: Vec<(String, Vec<Cell>)>) -> Self {
        Self { names: BENCHMARKS, may_break: true, heads, rows }
    }

    /// The same for names that people copy, and that are therefore never broken, under a head of their own.
    pub(crate) fn of_whole_names(self, names: &'static str) -> Self {
        Self { names, may_break: false, ..self }
    }

    /// The table on lines that `screen` can show, and below it which columns went.
    pub(crate) fn text(&self, screen: Screen) -> String {
        self.with_what_went(self.fitted(screen), screen)
    }

    /// The table that was made to fit `screen`, and below it which columns went.
    pub(crate) fn with_what_went(&self, fitted: Fitted, screen: Screen) -> String {
        let gone = self.titles(&fitted.gone);
        match gone.is_empty() {
            true => fitted.table + "\n",
            false => {
                let gone = format!("Not shown, for want of width: {}.", gone.join(", "));
                format!("{}\n\n{}\n", fitted.table, prose(&gone, screen.width))
            }
        }
    }

    /// The table on lines that `screen` can show.
    pub(crate) fn fitted(&self, screen: Screen) -> Fitted {
        let places = 0..self.heads.len();
        let mut shown: Vec<usize> =
            places.filter(|at| !matches!(self.heads[*at].room, Room::Comes(_))).collect();
        let Some(limit) = screen.width else {
            let table = self.drawn(&shown, Head::on_one_line, None, screen);
            return Fitted { table, shown, gone: Vec::new() };
        };
        let (names, widths) = (self.names_width(), self.widths());
        let room = |shown: &[usize]| {
            let taken: usize = shown.iter().map(|at| widths[*at] + BETWEEN).sum();
            limit.saturating_sub(OUTSIDE + taken)
        };
        let least = if self.may_break { LEAST_NAME.min(names) } else { names };
        let gone = self.leave_out(&mut shown, |shown| room(shown) >= least);
        if gone.is_empty() {
            self.take_in(&mut shown, |shown| room(shown) >= names);
        }
        // Below a few characters a name cannot be read, and the table is rather too wide.
        let readable = if self.may_break { least / 2 } else { names };
        let name_width = room(&shown).clamp(1, names).max(readable);
        let table = self.drawn(&shown, Head::on_two_lines, Some(name_width), screen);
        Fitted { table, shown, gone }
    }

    /// Takes columns out of `shown` until they fit, and returns those that went.
    fn leave_out(&self, shown: &mut Vec<usize>, fit: impl Fn(&[usize]) -> bool) -> Vec<usize> {
        let turn = |at: &usize| match self.heads[*at].room {
            Room::Goes(turn) => Some(turn),
            _ => None,
        };
        let mut gone = Vec::new();
        while !fit(shown) {
            let Some(next) = shown.iter().filter_map(turn).min() else { break };
            gone.extend(shown.extract_if(.., |at| turn(at) == Some(next)));
        }
        gone
    }

    /// Puts columns into `shown` as long as they fit.
    fn take_in(&self, shown: &mut Vec<usize>, fit: impl Fn(&[usize]) -> bool) {
        let turn = |at: usize| match self.heads[at].room {
            Room::Comes(turn) => Some(turn),
            _ => None,
        };
        let mut turns: Vec<u8> = (0..self.heads.len()).filter_map(turn).collect();
        turns.sort_unstable();
        turns.dedup();
        for next in turns {
            let is_there = |at: &usize| turn(*at).is_none_or(|turn| turn <= next);
            let more: Vec<usize> = (0..self.heads.len()).filter(is_there).collect();
            if !fit(&more) {
                break;
            }
            *shown = more;
        }
    }

    /// The titles of columns, each on one line.
    pub(crate) fn titles(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|at| self.heads[*at].on_one_line()).collect()
    }

    /// How wide the names are, and the head over them.
    fn names_width(&self) -> usize {
        let names = self.rows.iter().map(|(name, _)| name.as_str());
        names.chain([self.names]).map(width).max().unwrap_or(0)
    }

    /// How wide each column must be.
    fn widths(&self) -> Vec<usize> {
        let widest = |(at, head): (usize, &Head)| {
            let cells = self.rows.iter().map(|(_, cells)| width(&cells[at].text));
            cells.max().unwrap_or(0).max(width(&head.on_two_lines()))
        };
        self.heads.iter().enumerate().map(widest).collect()
    }

    /// The columns `shown`, with names on as many lines as they take at their width.
    fn drawn(
        &self,
        shown: &[usize],
        title: fn(&Head) -> String,
        name_width: Option<usize>,
        screen: Screen,
    ) -> String {
        let heads = || shown.iter().map(|at| &self.heads[*at]);
        let mut builder = Builder::default();
        builder.push_record([self.names.to_owned()].into_iter().chain(heads().map(title)));
        for (name, cells) in &self.rows {
            let name = name_width.map_or_else(|| name.clone(), |width| textwrap::fill(name, width));
            let cells = shown.iter().map(|at| cells[*at].text.clone());
            builder.push_record([name].into_iter().chain(cells));
        }
        let mut table = builder.build();
        table.with(Style::psql()).modify(Columns::new(1..), Alignment::right());
        for (column, _) in (1..).zip(heads()).filter(|(_, head)| head.has_words) {
            table.modify(Columns::one(column), Alignment::left());
        }
        table.modify(Rows::first(), AlignmentStrategy::PerLine);
        if screen.color {
            table.modify(Rows::first(), Color::BOLD);
            for (line, (_, cells)) in (1..).zip(&self.rows) {
                for (column, at) in (1..).zip(shown) {
                    if let Some(color) = &cells[*at].color {
                        table.modify(object::Cell::new(line, column), color.clone());
                    }
                }
            }
        }
        table.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(name: &str) -> Grid {
        let heads = vec![
            Head::new(["Mean time", "(sec)"]),
            Head::new(["Second", "to go"]).goes(2),
            Head::new(["First", "to go"]).goes(1),
            Head::new(["Second", "to come"]).comes(2),
            Head::new(["First", "to come"]).comes(1),
        ];
        let cells = || ["1.0", "a", "b", "c", "d"].map(|text| Cell::from(text.to_owned())).to_vec();
        Grid::new(heads, vec![(name.to_owned(), cells()), ("x".to_owned(), cells())])
    }

    fn wide(limit: usize) -> Screen {
        Screen { width: Some(limit), ..Screen::default() }
    }

    #[test]
    fn columns_go_in_their_turn_and_what_went_is_said() {
        let name = "a name of several words that is not short";
        let fits = |limit: usize| grid(name).text(wide(limit));
        assert!(!fits(80).contains("Not shown"), "{}", fits(80));
        let gone = |limit: usize| fits(limit).replace('\n', " ");
        let shown = grid(name).fitted(wide(52)).shown;
        assert_eq!(grid(name).titles(&shown), ["Mean time (sec)", "Second to go"]);
        assert!(gone(52).contains("Not shown, for want of width: First to go. "), "{}", fits(52));
        assert!(gone(42).contains("want of width: First to go, Second to go. "), "{}", fits(42));
        for limit in 40..120 {
            let table = fits(limit);
            let table = table.split("\n\n").next().expect("the table comes first");
            assert!(width(table) <= limit, "{limit}:\n{table}");
        }
    }

    #[test]
    fn columns_come_in_their_turn_where_every_name_stays_whole() {
        let shown = |limit: usize| grid("a name of some words").fitted(wide(limit)).shown;
        // 22 columns for the name, 12 for the mean time, 9 and 8 for those that can go, 10 for each that comes.
        assert_eq!(shown(60), [0, 1, 2]);
        assert_eq!(shown(61), [0, 1, 2, 4]);
        assert_eq!(shown(71), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn nothing_goes_comes_or_is_broken_where_lines_are_long() {
        let grid = grid(&"long ".repeat(40));
        let Fitted { table, shown, gone } = grid.fitted(Screen::default());
        assert_eq!((table.lines().count(), shown.len(), gone.len()), (4, 3, 0), "{table}");
        assert!(table.contains("First to go"), "{table}");
    }

    #[test]
    fn names_to_be_copied_stay_whole_however_narrow_the_line() {
        let name = "20261124-151602-smoke-smoke and so on";
        let grid = grid(name).of_whole_names("Run");
        for limit in [1, 20, 80] {
            let table = grid.fitted(wide(limit)).table;
            assert!(table.contains(name) && table.starts_with(" Run "), "{limit}:\n{table}");
        }
        assert_eq!(grid.fitted(wide(1)).gone, [2, 1]);
    }

    #[test]
    fn cells_have_their_colours_where_there_are_colours() {
        let mut grid = grid("x");
        grid.rows[0].1[1].color = Some(Color::FG_GREEN);
        let colored = Screen { color: true, ..Screen::default() };
        assert!(!grid.text(Screen::default()).contains('\u{1b}'));
        let text = grid.text(colored);
        assert_eq!(text.matches("\u{1b}[32m").count(), 1, "{text:?}");
        assert_eq!(text.matches("\u{1b}[1m").count(), 4, "{text:?}");
    }
}
