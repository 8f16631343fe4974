//! A page as a list of things to do.
//!
//! The word behind a fence's language says what is done with a block:
//!
//! - `run`: its lines are run by a shell in the root of the checkout;
//! - `file=PATH`: it is written to that file;
//! - `file=PATH below="LINE"`: its lines are added under the first line that is exactly that.
//!
//! A block without one is only shown. Commands may not be: a block of language `sh` has to be run.

/// What a page says to do, in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The line of the fence, from 1.
    pub(crate) line: usize,
    pub(crate) what: Action,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Run(String),
    Write { path: String, text: String },
    Insert { path: String, below: String, text: String },
}

impl Page {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut steps = vec![];
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let Some(info) = line.strip_prefix("```") else { continue };
            let mut block = String::new();
            loop {
                match lines.next() {
                    None => return Err(format!("line {}: the block has no end", number + 1)),
                    Some((_, "```")) => break,
                    Some((_, line)) => block = block + line + "\n",
                }
            }
            let action = action(info, block);
            let action = action.map_err(|error| format!("line {}: {error}", number + 1))?;
            steps.extend(action.map(|what| Step { line: number + 1, what }));
        }
        Ok(Self { steps })
    }
}

fn action(info: &str, text: String) -> Result<Option<Action>, String> {
    let (language, what) = info.split_once(' ').unwrap_or((info, ""));
    if what == "run" {
        return Ok(Some(Action::Run(text)));
    }
    if let Some(file) = what.strip_prefix("file=") {
        return Ok(Some(match file.split_once(' ') {
            None => Action::Write { path: file.to_owned(), text },
            Some((path, below)) => {
                let line = below.strip_prefix("below=\"").and_then(|line| line.strip_suffix('"'));
                let below = line.ok_or_else(|| format!("`{below}` is not understood"))?;
                Action::Insert { path: path.to_owned(), below: below.to_owned(), text }
            }
        }));
    }
    match (language, what) {
        ("sh", _) => Err("commands that are not run".to_owned()),
        (_, "") => Ok(None),
        (_, what) => Err(format!("`{what}` is not understood")),
    }
}

#[test]
fn blocks_are_run_written_added_or_only_shown() {
    let page = "text\n```sh run\na\nb\n```\n```toml file=x/y\nc\n```\n\n\
                ```rust file=z below=\"    vec![\"\nd\n```\n```text\nshown\n```\n";
    let steps = [
        (2, Action::Run("a\nb\n".to_owned())),
        (6, Action::Write { path: "x/y".to_owned(), text: "c\n".to_owned() }),
        (
            10,
            Action::Insert {
                path: "z".to_owned(),
                below: "    vec![".to_owned(),
                text: "d\n".to_owned(),
            },
        ),
    ];
    let steps = steps.map(|(line, what)| Step { line, what });
    assert_eq!(Page::parse(page), Ok(Page { steps: steps.into() }));
}

#[test]
fn commands_that_are_not_run_and_words_without_a_meaning_are_refused() {
    let refused = |page: &str| Page::parse(page).expect_err("it is refused");
    assert_eq!(refused("\n```sh\nls\n```\n"), "line 2: commands that are not run");
    assert_eq!(refused("```rust fiel=x\n```\n"), "line 1: `fiel=x` is not understood");
    assert_eq!(
        refused("```toml file=x above=\"y\"\n```\n"),
        "line 1: `above=\"y\"` is not understood"
    );
    assert_eq!(refused("```toml\n"), "line 1: the block has no end");
}
