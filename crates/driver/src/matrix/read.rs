//! Reads a matrix file by hand, value by value, so that one fault does not hide the next.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::num::NonZeroUsize;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, absent};
use super::{
    ImageSet, Matrix, Param, Params, RowEntry, Scale, Source, WORKLOAD_GROUPS, Width, WorkloadEntry,
};

/// The version of matrix files that this build reads.
const FORMAT: usize = 1;

/// The matrix in `source` as far as it can be read, and all that is wrong with it. After an error of
/// syntax nothing else is looked at: what is guessed behind it would only mislead.
pub(super) fn read(source: Source) -> (Matrix, Vec<Fault>) {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    let syntax = errors.iter().map(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Fault::at_byte(at, format!("this is no TOML: {}", error.message().replace('\n', " ")))
    });
    let mut reader = Reader { faults: syntax.collect() };
    let mut matrix = Matrix {
        title: String::new(),
        scales: BTreeMap::new(),
        workloads: BTreeMap::new(),
        rows: Vec::new(),
        source: source.clone(),
    };
    if reader.faults.is_empty() {
        let file = Table { what: "the file", at: 0, table: document.get_ref() };
        reader.matrix(&file, &mut matrix);
    }
    (matrix, reader.faults)
}

/// A table of the file.
struct Table<'a> {
    /// What it is, for messages.
    what: &'static str,
    at: usize,
    table: &'a DeTable<'a>,
}

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader {
    faults: Vec<Fault>,
}

impl Reader {
    fn matrix(&mut self, file: &Table<'_>, matrix: &mut Matrix) {
        self.only(file, &["format", "title", "scales", "workloads", "rows"]);
        if let Some(format) = self.required(file, "format") {
            self.format(format);
        }
        let title = self.required_text(file, "title");
        matrix.title = title.into_inner();
        for (name, value) in self.entries(file, "scales") {
            let scale = self.table("a scale", value).map(|table| self.scale(&table));
            matrix.scales.extend(scale.map(|scale| (name.into_inner(), scale)));
        }
        for (name, value) in self.entries(file, "workloads") {
            let entry = self.table("a workload", value);
            let entry = entry.map(|table| self.workload(&name, &table));
            matrix.workloads.extend(entry.map(|entry| (name.into_inner(), entry)));
        }
        let Some(rows) = self.required(file, "rows") else { return };
        match rows.get_ref().as_array() {
            Some(none) if none.is_empty() => {
                self.faults.push(Fault::at(rows, "`rows` is empty"));
            }
            Some(rows) => {
                let tables = rows.iter().filter_map(|row| self.table("a row", row));
                let tables: Vec<Table<'_>> = tables.collect();
                matrix.rows = tables.iter().map(|row| self.row(row)).collect();
            }
            None => self.wrong(rows, "`rows` is a list of tables, each under [[rows]]"),
        }
    }

    fn format(&mut self, value: &Value<'_>) {
        match whole_number(value.get_ref()) {
            Some(FORMAT) => {}
            Some(other) => {
                let what = format!("its format is version {other}, this build reads {FORMAT}");
                self.faults.push(Fault::at(value, what));
            }
            None => self.wrong(value, "`format` is a number"),
        }
    }

    fn scale(&mut self, table: &Table<'_>) -> Scale {
        self.only(table, &["about", "images"]);
        let about = self.required_text(table, "about").into_inner();
        let images = table.table.get("images").and_then(|value| {
            let set = value.get_ref().as_str().and_then(ImageSet::named);
            if set.is_none() {
                self.wrong(value, "`images` is \"quick\" or \"seed\"");
            }
            set
        });
        Scale { about, images }
    }

    fn workload(&mut self, name: &Spanned<String>, table: &Table<'_>) -> WorkloadEntry {
        self.only(table, &["workload", "group", "params", "scales"]);
        let workload = self.text(table, "workload").unwrap_or_else(|| name.clone());
        let group = table.table.get("group").and_then(|value| self.group(value));
        let params = table.table.get("params");
        let params = params.and_then(|value| self.table("`params`", value));
        let params = params.map(|table| self.params(&table)).unwrap_or_default();
        let mut scales = BTreeMap::new();
        if table.table.contains_key("scales") {
            for (scale, value) in self.entries(table, "scales") {
                let table = self.table("the parameters of a scale", value);
                scales.extend(table.map(|table| (scale, self.params(&table))));
            }
        }
        WorkloadEntry { workload, group, params, scales }
    }

    /// One that `--only` does not know would be of no use to anyone.
    fn group(&mut self, value: &Value<'_>) -> Option<String> {
        let group = value.get_ref().as_str().filter(|group| WORKLOAD_GROUPS.contains(group));
        if group.is_none() {
            self.wrong(value, "`group` is \"io\" or \"cpu\"");
        }
        group.map(str::to_owned)
    }

    fn params(&mut self, table: &Table<'_>) -> Params {
        let mut params = Params::new();
        for (name, value) in table.table {
            let text = match value.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                DeValue::Boolean(yes) => Some(yes.to_string()),
                DeValue::Float(number) => Some(number.as_str().to_owned()),
                DeValue::Integer(number) => {
                    i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n.to_string())
                }
                _ => None,
            };
            if text.is_none() {
                self.wrong(value, "a parameter is a text, a number, true or false");
            }
            let value = text.map_or_else(absent, |text| Spanned::new(value.span(), text));
            let param = Param { name_at: name.span().start, value };
            params.insert(name.get_ref().to_string(), param);
        }
        params
    }

    fn row(&mut self, table: &Table<'_>) -> RowEntry {
        self.only(table, &["name", "workload", "executor", "width", "batch"]);
        let widths = self.required(table, "width");
        let batches = table.table.get("batch");
        let name = self.required_text(table, "name");
        if name.get_ref().trim().is_empty() && !name.span().is_empty() {
            self.faults.push(Fault::at(&name, "a row needs a name that can be seen"));
        }
        RowEntry {
            name,
            workload: self.required_text(table, "workload"),
            executor: self.required_text(table, "executor"),
            widths: widths.map_or(Vec::new(), |value| self.list(value, Self::width)),
            batches: batches.map_or(vec![NonZeroUsize::MIN], |value| self.list(value, Self::batch)),
        }
    }

    fn width(&mut self, value: &Value<'_>) -> Option<Width> {
        let items = value.get_ref().as_str() == Some("items");
        let width =
            items.then_some(Width(None)).or_else(|| positive(value).map(|n| Width(Some(n))));
        if width.is_none() {
            self.wrong(value, "a width is a number from 1 or \"items\"");
        }
        width
    }

    fn batch(&mut self, value: &Value<'_>) -> Option<NonZeroUsize> {
        let batch = positive(value);
        if batch.is_none() {
            self.wrong(value, "a batch is a number from 1");
        }
        batch
    }

    /// A value or a list of them: files are written by hand, so the shorter form is allowed.
    fn list<T: PartialEq + Display>(
        &mut self,
        value: &Value<'_>,
        one: impl Fn(&mut Self, &Value<'_>) -> Option<T>,
    ) -> Vec<T> {
        let Some(list) = value.get_ref().as_array() else {
            return one(self, value).into_iter().collect();
        };
        if list.is_empty() {
            self.faults.push(Fault::at(value, "an empty list stands for no row at all"));
        }
        let mut read: Vec<T> = Vec::new();
        for value in list {
            match one(self, value) {
                Some(again) if read.contains(&again) => {
                    let what = format!("this list has {again} already, and no row is run twice");
                    self.faults.push(Fault::at(value, what));
                }
                new => read.extend(new),
            }
        }
        read
    }

    /// Refuses keys outside `known`, so that a misspelt one is never ignored.
    fn only(&mut self, table: &Table<'_>, known: &[&str]) {
        let strange = table.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref()));
        let what = table.what;
        self.faults.extend(strange.map(|key| {
            let (name, known) = (key.get_ref(), known.join(", "));
            Fault::at(key, format!("unknown key `{name}`; {what} knows {known}"))
        }));
    }

    fn required<'a>(&mut self, table: &Table<'a>, key: &str) -> Option<&'a Value<'a>> {
        let value = table.table.get(key);
        if value.is_none() {
            let what = format!("{} lacks its `{key}`", table.what);
            self.faults.push(Fault::at_byte(table.at, what));
        }
        value
    }

    fn required_text(&mut self, table: &Table<'_>, key: &'static str) -> Spanned<String> {
        self.required(table, key);
        self.text(table, key).unwrap_or_else(absent)
    }

    fn text(&mut self, table: &Table<'_>, key: &str) -> Option<Spanned<String>> {
        let value = table.table.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Spanned::new(value.span(), text.to_owned())),
            None => {
                self.wrong(value, &format!("`{key}` is a text"));
                Some(absent())
            }
        }
    }

    /// The entries of a table that must be there and hold at least one.
    fn entries<'a>(
        &mut self,
        table: &Table<'a>,
        key: &'static str,
    ) -> Vec<(Spanned<String>, &'a Value<'a>)> {
        let Some(value) = self.required(table, key) else { return Vec::new() };
        let Some(entries) = self.table("`scales` and `workloads`", value) else {
            return Vec::new();
        };
        if entries.table.is_empty() {
            self.faults.push(Fault::at(value, format!("`{key}` is empty")));
        }
        let owned = |key: &Spanned<std::borrow::Cow<'_, str>>| {
            Spanned::new(key.span(), key.get_ref().to_string())
        };
        entries.table.iter().map(|(key, value)| (owned(key), value)).collect()
    }

    fn table<'a>(&mut self, what: &'static str, value: &'a Value<'a>) -> Option<Table<'a>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(value, &format!("{what} must be a table"));
        }
        table.map(|table| Table { what, at: value.span().start, table })
    }

    /// Says what a value should be, and what it is.
    fn wrong(&mut self, value: &Value<'_>, should: &str) {
        let is = match value.get_ref() {
            DeValue::Integer(number) => number.to_string(),
            DeValue::String(text) => format!("{text:?}"),
            other => format!("of type {}", other.type_str()),
        };
        self.faults.push(Fault::at(value, format!("{should}; this is {is}")));
    }
}

fn positive(value: &Value<'_>) -> Option<NonZeroUsize> {
    whole_number(value.get_ref()).and_then(NonZeroUsize::new)
}

fn whole_number(value: &DeValue<'_>) -> Option<usize> {
    let number = value.as_integer()?;
    usize::from_str_radix(number.as_str(), number.radix()).ok()
}
