//! How a report for people is to look.

use clap::{Args, ValueEnum};
use paceline_report::{Order, ReportError, Selection, View, column_list};

use super::Format;
use crate::terminal::{self, When};
use paceline_driver::Usage;

/// How a table or bars are to look.
#[derive(Debug, Args)]
#[command(next_help_heading = "How a table or bars look")]
pub(crate) struct LookArgs {
    /// The table's columns: `time,memory` for those alone, `+spread,-ideal` to change the usual ones.
    /// In a terminal too narrow for the usual ones, `vs ideal` goes first, then `in flight`, `95 %` and
    /// memory; in a wide one median, least and most come. What is asked for stays. A pipe or file gets
    /// the usual ones at full width, unless COLUMNS is set
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, value_parser = selection,
          long_help = columns_help())]
    pub(crate) columns: Option<Selection>,
    /// The order of the rows; without it the matrix's own
    #[arg(long, value_enum, value_name = "BY")]
    pub(crate) sort: Option<Sort>,
    /// Draw with ASCII alone, as is done anyway where the locale is not UTF-8
    #[arg(long)]
    pub(crate) ascii: bool,
    #[command(flatten)]
    pub(crate) color: ColorArgs,
}

/// The one option about colours, of every command that has some.
#[derive(Debug, Args)]
pub(crate) struct ColorArgs {
    /// When to colour
    #[arg(long = "color", value_enum, value_name = "WHEN", default_value_t = When::Auto, global = true)]
    pub(crate) when: When,
}

/// What rows are sorted by. Rows without it come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// The mean time, the shortest first
    Time,
    /// The peak of memory, the least first
    Memory,
    /// The row's name
    Name,
    /// The time over the ideal, the nearest first
    Ideal,
}

impl LookArgs {
    /// Refuses what a form has no use for: an option that does nothing is taken for one that did.
    pub(crate) fn check(&self, format: Format) -> Result<(), Usage> {
        let asked = [
            (self.columns.is_some(), "--columns", format == Format::Table),
            (self.sort.is_some(), "--sort", matches!(format, Format::Table | Format::Bars)),
        ];
        match asked.iter().find(|(is_given, _, has_it)| *is_given && !has_it) {
            None => Ok(()),
            Some((_, option, _)) => {
                let form = format.to_possible_value();
                let form = form.as_ref().map_or("", |form| form.get_name());
                Err(Usage::new(format!(
                    "write the form {form} with {option}, which it has no use for"
                )))
            }
        }
    }

    /// The same for a renderer, which knows no terminal; `to_file` if the text does not go to standard
    /// output.
    pub(crate) fn view(&self, to_file: bool) -> View {
        View {
            screen: terminal::screen(self.color.when, self.ascii, to_file),
            columns: self.columns.clone().unwrap_or_default(),
            order: match self.sort {
                None => Order::Plan,
                Some(Sort::Time) => Order::Time,
                Some(Sort::Memory) => Order::Memory,
                Some(Sort::Name) => Order::Name,
                Some(Sort::Ideal) => Order::Ideal,
            },
        }
    }
}

fn selection(text: &str) -> Result<Selection, ReportError> {
    Selection::parse(text)
}

/// The list of columns is made of the columns, so that it cannot miss one.
fn columns_help() -> String {
    format!(
        "The table's columns: names or groups, separated by commas. `time,memory` shows those alone, \
         `+spread,-ideal` changes the usual ones.\n\n{}\n\
         In a terminal too narrow for the usual ones, `ideal` goes first, then `flight`, `interval` and \
         `memory`; in a wide one `median`, `min` and `max` come. What is asked for stays. A pipe or a \
         file gets the usual ones at full width, unless COLUMNS is set",
        column_list()
    )
}
