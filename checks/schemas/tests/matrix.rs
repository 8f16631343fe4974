//! The schema for editors and the reader of matrix files agree.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use paceline_driver::Usage;
use paceline_driver::load::Load;
use paceline_driver::matrix::Matrix;
use paceline_driver::plan::{Planned, Wish};
use paceline_journal::Conduct;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn schema() -> Validator {
    let text = fs::read_to_string(root().join("docs/matrix.schema.json")).expect("it is there");
    let schema = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::meta::validate(&schema).expect("the schema is a schema");
    jsonschema::validator_for(&schema).expect("the schema can be used")
}

fn fits_schema(text: &str) -> bool {
    let value: toml::Value = toml::from_str(text).expect("the examples are TOML");
    let value = serde_json::to_value(value).expect("TOML has a form in JSON");
    schema().is_valid(&value)
}

/// Whether a run can be planned from the file. No row of these files needs the worker's registry.
fn reader_takes(text: &str) -> bool {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let file = folder.path().join("m.toml");
    fs::write(&file, text).expect("a file can be written");
    match plan(&file) {
        Ok(_) => true,
        Err(error) if error.is::<Usage>() => false,
        Err(error) => panic!("{error:#}"),
    }
}

fn plan(file: &Path) -> anyhow::Result<Planned> {
    let name = file.display().to_string();
    let matrix = Matrix::load(&name)?;
    let scale = matrix.scales.keys().next().cloned().expect("a matrix without scales is refused");
    let wish = Wish {
        matrix: name,
        scale,
        seed: 0,
        conduct: Conduct::rounds(1),
        only: Vec::new(),
        given: Vec::new(),
        load: Load::default(),
        max_in_flight: None,
        images: None,
        against: None,
    };
    Planned::of(&wish, &matrix, || unreachable!("no row is for every executor"))
}

/// The example of the page.
fn example() -> String {
    let page = fs::read_to_string(root().join("docs/matrices.md")).expect("the page is there");
    let (_, from) = page.split_once("```toml\n").expect("the page has an example");
    from.split_once("```").expect("the example ends").0.to_owned()
}

#[test]
fn every_built_in_matrix_fits_the_schema() {
    let folder = fs::read_dir(root().join("fixtures/matrices")).expect("there are matrices");
    let files: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert!(fits_schema(&fs::read_to_string(&file).expect("it can be read")), "{file:?}");
    }
}

#[test]
fn the_example_of_the_page_fits_the_schema_and_the_reader() {
    assert!(fits_schema(&example()));
    assert!(reader_takes(&example()));
}

#[test]
fn what_does_not_fit_the_schema_is_refused_by_the_reader_too() {
    let broken = [
        ("format = 1", "format = 2"),
        ("format = 1", ""),
        ("format = 1", "format = \"1\""),
        ("title = \"Reading many small things\"", "title = 3"),
        ("title = ", "tilte = "),
        ("about = \"the default\"", "abuot = \"the default\""),
        ("about = \"the default\"", "about = \"the default\"\nimages = \"huge\""),
        ("workload = \"api\"", "workload = 1"),
        ("group = \"io\"", "group = true"),
        ("group = \"io\"", "group = \"zzz\""),
        ("params = { records = 50 }", "params = { records = [50] }"),
        ("params = { records = 50 }", "params = 50"),
        ("params = { records = 50 }", "parms = { records = 50 }"),
        ("scales.smoke = { max_wait_us = 6_600 }", "scales.smoke = 6_600"),
        ("name = \"In turn\"", ""),
        ("name = \"In turn\"", "name = \" \""),
        ("{width} at once", "{wdith} at once"),
        ("{width} at once", "{width}\\nat {once}"),
        ("{width} at once", "{wid\\nth} at once"),
        ("name = \"In turn\"", "name = \" \\n\\t\""),
        ("executor = \"seq\"", "executor = [\"seq\"]"),
        ("executor = \"seq\"", ""),
        ("width = 1", "width = 0"),
        ("width = 1", "width = -1"),
        ("width = 1", "width = \"all\""),
        ("width = 1", "width = []"),
        ("width = 1", "width = [2, 2]"),
        ("width = 1", "width = [\"items\", 1, \"items\"]"),
        ("width = 1", "width = 1\nwidht = 1"),
        ("width = 1", ""),
        ("batch = [1, 5]", "batch = [1, 0]"),
        ("batch = [1, 5]", "batch = [5, 5]"),
        ("batch = [1, 5]", "batch = \"items\""),
    ];
    for (good, bad) in broken {
        assert!(example().contains(good), "{good}");
        let text = example().replacen(good, bad, 1);
        assert!(!fits_schema(&text), "the schema takes {bad:?} for {good:?}");
        assert!(!reader_takes(&text), "the reader takes {bad:?} for {good:?}");
    }
}

#[test]
fn names_of_several_lines_fit_the_schema_as_they_fit_the_reader() {
    for name in ["In\\nturn", "\\n\\nIn turn", "In {\\nturn"] {
        let text = example().replacen("In turn", name, 1);
        assert!(reader_takes(&text), "{name}");
        assert!(fits_schema(&text), "{name}");
    }
}

#[test]
fn parts_that_are_empty_are_refused_by_both() {
    let head = "format = 1\ntitle = \"t\"\n";
    let scales = "[scales.quick]\nabout = \"a\"\n";
    let workloads = "[workloads.noop]\nparams = { items = 1 }\n";
    let row = "[[rows]]\nname = \"n\"\nworkload = \"noop\"\nexecutor = \"seq\"\nwidth = 1\n";
    let whole = format!("{head}{scales}{workloads}{row}");
    assert!(fits_schema(&whole) && reader_takes(&whole));
    let broken = [
        format!("{head}{scales}{workloads}"),
        format!("{head}rows = []\n{scales}{workloads}"),
        format!("{head}{scales}{row}"),
        format!("{head}{scales}[workloads]\n{row}"),
        format!("{head}{workloads}{row}"),
        format!("{head}[scales]\n{workloads}{row}"),
        format!("{head}{scales}{workloads}scales = {{}}\n{row}"),
    ];
    for text in broken {
        assert!(!fits_schema(&text) && !reader_takes(&text), "{text}");
    }
}
