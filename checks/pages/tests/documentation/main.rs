//! Follows the pages from their own text: runs every command and writes every file, in a copy of the
//! checkout.

mod checkout;
use paceline_driver::git;
mod page;

use checkout::Checkout;
use page::Page;

/// Does what the page says, from the first line to the last.
fn follow(path: &str) {
    let checkout = Checkout::of_this_repository();
    let page = Page::parse(&checkout.read(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(!page.steps.is_empty(), "{path} has nothing to do");
    for step in &page.steps {
        let done = checkout.take(&step.what);
        done.unwrap_or_else(|error| panic!("{path}, line {}: {error}", step.line));
    }
}

#[test]
fn the_page_on_executors_leads_to_rows() {
    follow("docs/adding-an-executor.md");
}

#[test]
fn the_page_on_work_without_rust_leads_to_rows() {
    follow("docs/commands.md");
}

#[test]
fn the_page_on_workloads_leads_to_rows() {
    follow("docs/adding-a-workload.md");
}
