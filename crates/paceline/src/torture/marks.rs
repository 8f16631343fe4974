//! What began, seen without the pool: each item is a program that appends its number to a file.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;
use paceline_protocol::ItemRecords;

const WORKLOAD: &str = "command";
const FILE: &str = "marks";

/// Work whose items leave marks in `folder`, and then wait.
pub(super) fn workload(folder: &Path, items: u32, wait: Duration) -> WorkloadSpec {
    // A short line that is appended reaches the file whole, whoever else appends.
    let script = format!("echo {{index}} >>{FILE}; exec sleep {}", wait.as_secs_f64());
    WorkloadSpec::new(WORKLOAD)
        .with("command", script)
        .with("shell", true)
        .with("items", format_args!("1..{items}"))
        .with("directory", folder.display())
        .with("output", "pipe")
        .with("check_output", false)
        .with("run", true)
}

/// Whether the items of `spec` leave marks.
pub(super) fn are_left_by(spec: &WorkloadSpec) -> bool {
    spec.workload == WORKLOAD
}

/// How often each item began, of those that did.
#[derive(Debug)]
pub(super) struct Marks(BTreeMap<u32, u32>);

impl Marks {
    /// Reads the marks in `folder` and removes them.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            // Nothing began.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::from_iter([])),
            read => read.with_context(|| format!("read the marks in {}", path.display()))?,
        };
        fs::remove_file(&path).with_context(|| format!("remove {}", path.display()))?;
        let item = |(at, line): (usize, &str)| {
            let item = line.parse::<u32>();
            item.with_context(|| format!("{}:{}: not an item: {line:?}", path.display(), at + 1))
        };
        text.lines().enumerate().map(item).collect()
    }

    /// How many marks there are.
    pub(super) fn count(&self) -> u64 {
        self.0.values().copied().map(u64::from).sum()
    }

    /// What the receipts must not claim beside these marks. Of the items with a receipt, `lost` were lost
    /// with their child; those alone may have left no mark.
    pub(super) fn against(&self, receipts: &ItemRecords, lost: u64) -> Vec<String> {
        let too_often = self.0.iter().filter_map(|(item, began)| {
            let attempt = receipts.retried.get(item).copied().unwrap_or(1);
            let text =
                || format!("item {item} began {began} times, its receipt is of attempt {attempt}");
            (*began > attempt).then(text)
        });
        let mut found: Vec<String> = too_often.collect();
        let unmarked = receipts.item.iter().filter(|item| !self.0.contains_key(item)).count();
        if unmarked as u64 > lost {
            found.push(format!("more items never began ({unmarked}) than were lost ({lost})"));
        }
        found
    }
}

impl FromIterator<u32> for Marks {
    fn from_iter<I: IntoIterator<Item = u32>>(items: I) -> Self {
        let mut began = BTreeMap::new();
        for item in items {
            *began.entry(item).or_default() += 1;
        }
        Self(began)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn against(marks: &[u32], retried: &[(u32, u32)], lost: u64) -> String {
        let retried = retried.iter().copied().collect();
        let receipts = ItemRecords { item: vec![0, 1, 2], retried, ..ItemRecords::default() };
        marks.iter().copied().collect::<Marks>().against(&receipts, lost).join("; ")
    }

    #[test]
    fn an_item_that_began_more_often_than_its_receipt_says_is_named() {
        assert_eq!(against(&[0, 1, 2], &[], 0), "");
        assert_eq!(
            against(&[0, 1, 2, 1], &[], 0),
            "item 1 began 2 times, its receipt is of attempt 1"
        );
        assert_eq!(against(&[0, 1, 2, 1], &[(1, 2)], 0), "");
    }

    #[test]
    fn only_lost_items_may_have_left_no_mark() {
        assert_eq!(against(&[2], &[], 2), "");
        assert_eq!(against(&[2], &[], 1), "more items never began (2) than were lost (1)");
    }

    #[test]
    fn marks_are_read_once_and_what_is_no_mark_is_named() {
        let folder = tempfile::tempdir().expect("tests have a temporary folder");
        let write = |text| fs::write(folder.path().join(FILE), text).expect("it can be written to");
        let count = || Marks::take(folder.path()).map(|marks| marks.count());
        write("3\n0\n3\n");
        assert_eq!(count().ok(), Some(3));
        assert_eq!(count().ok(), Some(0));
        write("3\nthree\n");
        let error = count().expect_err("the second line is none").to_string();
        assert!(error.ends_with("marks:2: not an item: \"three\""), "{error}");
    }
}
