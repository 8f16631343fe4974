//! A command that is run for each item: its words, its programs and where they run.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;
use paceline_inputs::{Items, StandardOutput, Template, check_regular};
use paceline_protocol::SpecFault;
use paceline_protocol::escape::name;

use super::reading::Reading;
use super::{counted, folder, items, text_of};
use crate::usage::Usage;

/// What a matrix file may leave out.
const DEFAULTS: [(&str, &str); 5] = [
    ("shell", "false"),
    ("output", "pipe"),
    ("check_output", "false"),
    ("directory", "."),
    ("run", "true"),
];

/// Settles the parameters of a workload `command`, and returns what is to be said about them.
pub(super) fn settle(spec: &mut WorkloadSpec) -> Result<Vec<String>, Vec<SpecFault>> {
    for (name, value) in DEFAULTS {
        spec.params.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    }
    let mut reading = Reading::of(spec);
    let Some(read) = Read::from(&mut reading) else { return Err(reading.faults()) };
    let said = say(&read);
    *spec = spec.clone().with("items", &read.items).with("directory", &read.place);
    Ok(said)
}

/// The parameters, if nothing is wrong with them.
struct Read {
    command: String,
    template: Template,
    items: Items,
    place: String,
    output: StandardOutput,
}

impl Read {
    fn from(reading: &mut Reading<'_>) -> Option<Self> {
        let named = reading.param::<String>("directory");
        let directory = named.and_then(|named| reading.good("directory", folder(&named)));
        let place = directory.as_deref().and_then(|d| reading.good("directory", text_of(d)));
        let command = reading.param::<String>("command");
        let form = reading.param("shell").map(|shell: bool| match shell {
            true => Template::shell,
            false => Template::direct,
        });
        let template = command.as_deref().zip(form);
        let template = template.and_then(|(text, form)| reading.good("command", form(text)));
        let items = reading.param::<String>("items").zip(directory.as_deref());
        let items =
            items.and_then(|(text, place)| reading.all_good("items", items::resolve(&text, place)));
        let output = reading.param::<String>("output").zip(reading.param("check_output"));
        let output = output.and_then(|(output, check)| {
            reading.good("output", StandardOutput::new(&output, check))
        });
        // Whether a program is there can depend on its item.
        let (template, items, directory) = (template?, items?, directory?);
        let command = command?;
        reading.all_good("command", check_programs(&template, &items, &directory))?;
        reading.good("command", check_script(&template, &command))?;
        Some(Self { command, template, items, place: place?, output: output? })
    }
}

fn say(read: &Read) -> Vec<String> {
    let Read { command, template, items, output, .. } = read;
    let first = items.get(0).unwrap_or_default();
    // A file's name can contain anything, also escape sequences.
    let (words, shown) = (template.words(&first, 0), name(&template.shown(&first, 0)));
    let count = counted(items);
    let mut said = vec![format!("`{command}` for {count}; the first is `{shown}`")];
    if !template.has_placeholder() {
        said.push(format!("`{command}` has no placeholder: every item runs the same"));
    }
    let of_a_shell = words.iter().find(|word| OF_A_SHELL.contains(&word.as_str()));
    if let (None, Some(word)) = (template.script(), of_a_shell) {
        said.push(format!(
            "`{word}` is a word like any other: only --shell has `sh` run the command"
        ));
    }
    if *output == StandardOutput::Checked {
        said.push(
            "all programs are run once before the first row, to know their output".to_owned(),
        );
    }
    said
}

/// Words that mean something to a shell, and nothing to a program.
const OF_A_SHELL: [&str; 10] = ["|", "||", "&&", "&", ";", ">", ">>", "<", "2>", "2>&1"];

/// Lets `sh` read a script without running it. The script contains no item, so once is enough.
fn check_script(template: &Template, command: &str) -> Result<()> {
    let Some(script) = template.script() else { return Ok(()) };
    let read = Command::new("sh").args(["-n", "-c", script]).stdin(Stdio::null()).output();
    let read = read.context("have `sh` read the command")?;
    if read.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&read.stderr);
    Err(Usage::new(format!("read the command `{command}`: {}", said.trim())).into())
}

/// Looks for every program that will be run. Says for each program that cannot be run why.
fn check_programs(
    template: &Template,
    items: &Items,
    directory: &Path,
) -> Result<(), Vec<anyhow::Error>> {
    let of_item = |(index, item): (u32, std::borrow::Cow<'_, str>)| {
        template.words(&item, index).swap_remove(0)
    };
    let all = (0..).zip(items.iter()).map(of_item);
    let programs: BTreeSet<String> = match template.has_open_program() {
        true => all.collect(),
        false => all.take(1).collect(),
    };
    let refused: Vec<anyhow::Error> =
        programs.iter().filter_map(|program| check_program(program, directory).err()).collect();
    if refused.is_empty() { Ok(()) } else { Err(refused) }
}

fn check_program(program: &str, directory: &Path) -> Result<()> {
    let paths = std::env::var_os("PATH");
    if which::which_in(program, paths, directory).is_ok() {
        return Ok(());
    }
    let path = directory.join(program);
    let why = if !program.contains(std::path::is_separator) {
        "no folder of PATH has an executable file of that name".to_owned()
    } else {
        match check_regular(&path) {
            Ok(()) => "the file is not executable".to_owned(),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => error.to_string(),
            Err(_) => format!("no such file, seen from {}", directory.display()),
        }
    };
    Err(Usage::new(format!("find the program `{program}`: {why}")).into())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn spec(command: &str, items: &str) -> WorkloadSpec {
        WorkloadSpec::new("command").with("command", command).with("items", items)
    }

    fn refused(spec: WorkloadSpec) -> String {
        let faults = settle(&mut spec.clone()).expect_err("it is refused");
        let reasons: Vec<String> = faults.into_iter().map(|fault| fault.reason).collect();
        reasons.join("\n")
    }

    #[test]
    fn what_a_matrix_leaves_out_is_filled_in_and_the_first_command_is_said() {
        let mut spec = spec("cat -n {item}", "3..4");
        let said = settle(&mut spec).expect("a good command");
        assert_eq!(said, ["`cat -n {item}` for 2 items; the first is `cat -n 3`"]);
        let odd = settle(&mut self::spec("cat {item}", "list: 'a \u{1b}b' c")).expect("good items");
        assert!(odd[0].ends_with(r"the first is `cat 'a \u{1b}b'`"), "{odd:?}");
        let set: Vec<&str> = spec.params.keys().map(String::as_str).collect();
        assert_eq!(
            set,
            ["check_output", "command", "directory", "items", "output", "run", "shell"]
        );
        assert!(Path::new(&spec.params["directory"]).is_absolute());
        let again = spec.clone();
        settle(&mut spec).expect("a settled command");
        assert_eq!(spec, again);
    }

    #[test]
    fn a_command_without_a_placeholder_is_allowed_and_said() {
        let said = settle(&mut spec("true", "5")).expect("a good command");
        assert!(said[1].contains("no placeholder"), "{said:?}");
        assert!(said[0].starts_with("`true` for 5 items;"), "{said:?}");
        let said = settle(&mut spec("true", "7..7")).expect("a good command");
        assert!(said[0].starts_with("`true` for 1 item;"), "{said:?}");
    }

    #[test]
    fn what_only_a_shell_understands_is_said_where_there_is_none() {
        let said = settle(&mut spec("true {item} | wc", "5")).expect("a good command");
        assert!(said[1].starts_with("`|` is a word like any other"), "{said:?}");
        let with_shell = &mut spec("true {item} | wc", "5").with("shell", true);
        assert_eq!(settle(with_shell).expect("a good command").len(), 1);
    }

    #[test]
    fn a_script_that_no_shell_reads_is_refused_and_nothing_of_it_is_run() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let script = |script: &str| {
            spec(script, "5").with("directory", folder.path().display()).with("shell", true)
        };
        let refused = refused(script("touch ran; ("));
        assert!(refused.starts_with("read the command `touch ran; (`: "), "{refused}");
        settle(&mut script("touch ran")).expect("a good script");
        assert!(!folder.path().join("ran").exists());
    }

    #[test]
    fn programs_are_looked_for_where_they_would_be_run() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("plain"), "").expect("written");
        let here =
            |command: &str| spec(command, "list: plain").with("directory", folder.path().display());
        assert!(refused(here("./plain")).contains("`./plain`: the file is not executable"));
        assert!(refused(here("./{item}")).contains("`./plain`"));
        assert!(refused(here("./gone")).contains("`./gone`: no such file"));
        assert!(
            refused(here("/ {item}"))
                .ends_with("find the program `/`: it is a folder, not a regular file")
        );
        assert!(refused(here("no-such-program")).contains("no folder of PATH"));
        assert!(settle(&mut here("no-such-program").with("shell", true)).is_ok());
        let each = refused(here("./{item}").with("items", "list: c b a plain"));
        let each: Vec<_> = each.lines().map(|line| line.split('`').nth(1)).collect();
        assert_eq!(each, ["./a", "./b", "./c", "./plain"].map(Some));
        let many = refused(here("./{item}").with("items", "1..100"));
        assert_eq!(many.lines().count(), 6, "{many}");
        assert!(many.ends_with("use 95 more, for reasons of that kind"), "{many}");
        assert!(refused(here("true").with("directory", "/no/such")).contains("`/no/such`"));
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_its_parameter() {
        let wrong = spec("cat {colour}", "*.no-such").with("directory", ".").with("shell", "no");
        let told = |spec: &WorkloadSpec| {
            let faults = settle(&mut spec.clone()).expect_err("it is refused");
            faults.into_iter().filter_map(|fault| fault.param).collect::<Vec<_>>()
        };
        assert_eq!(told(&wrong), ["shell", "items"]);
        assert_eq!(told(&wrong.clone().with("shell", true)), ["command", "items"]);
        assert_eq!(
            told(&wrong.with("directory", "/no/such").with("shell", true)),
            ["directory", "command"]
        );
    }

    #[test]
    fn output_that_nobody_reads_is_not_checked() {
        let null = || spec("true", "5").with("output", "null");
        assert!(settle(&mut null()).is_ok());
        assert!(refused(null().with("check_output", true)).contains("write to the null device"));
        assert!(refused(spec("true", "5").with("output", "file")).contains("the output `file`"));
    }

    #[test]
    fn what_is_missing_or_no_value_is_refused_by_name() {
        assert!(
            refused(WorkloadSpec::new("command").with("command", "true"))
                .contains("`items` is missing")
        );
        assert!(
            refused(spec("true", "1").with("shell", "yes")).contains("`yes` for parameter `shell`")
        );
    }
}
