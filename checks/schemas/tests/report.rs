//! The documents against schemas: the project's own, and those of `fixtures/schemas`.

#[path = "../../../crates/report/tests/formats/journals.rs"]
mod journals;

use std::path::Path;

use jsonschema::{Validator, draft7, draft202012};
use paceline_journal::Journal;
use paceline_report::{bencher, github, json, search_json};
use serde_json::{Value, json};

use crate::journals::{named, of_a_thousand_rows, read_often, recorded, run, without_valid_rows};

const PUBLISHED: &str = include_str!("../../../docs/report.schema.json");

fn schema() -> Value {
    serde_json::from_str(PUBLISHED).expect("the schema is JSON")
}

fn validator(schema: &Value) -> Validator {
    draft202012::options().build(schema).expect("a schema of draft 2020-12")
}

/// The schema without its tolerance of fields that it does not know.
fn closed(mut schema: Value) -> Value {
    fn close(schema: &mut Value) {
        let Value::Object(object) = schema else {
            if let Value::Array(items) = schema {
                items.iter_mut().for_each(close);
            }
            return;
        };
        object.values_mut().for_each(close);
        if object.get("type") == Some(&json!("object")) && object.contains_key("properties") {
            object.insert("additionalProperties".to_owned(), json!(false));
        }
    }
    close(&mut schema);
    schema
}

fn document(journal: &Journal) -> Value {
    let text = json(&run(journal)).expect("every value has a form in JSON");
    serde_json::from_str(&text).expect("the document is JSON")
}

fn problems(validator: &Validator, document: &Value) -> Vec<String> {
    let problem =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(document).map(problem).collect()
}

#[test]
fn the_published_schema_is_a_schema() {
    assert!(draft202012::meta::is_valid(&schema()));
}

#[test]
fn every_report_has_the_shape_of_the_schema_and_no_field_that_it_lacks() {
    let validator = validator(&closed(schema()));
    let unrun = Journal::begin(recorded().header);
    for journal in [
        recorded(),
        read_often(100),
        named("a \"|<\n🚀"),
        without_valid_rows(),
        of_a_thousand_rows(),
        unrun,
    ] {
        let found = problems(&validator, &document(&journal));
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// The fixture of a search in its form for programs.
fn search_document() -> Value {
    let text = include_str!("../../../fixtures/journals/search.ndjson");
    let journal = Journal::parse(Path::new("search.ndjson"), text.as_bytes()).expect("readable");
    let run = run(&journal);
    let (limits, rows) = run.search().expect("it is a search");
    let text = search_json(run.header(), limits, rows).expect("every value has a form");
    serde_json::from_str(&text).expect("the document is JSON")
}

#[test]
fn a_search_has_the_shape_of_its_own_schema_and_its_run_that_of_a_reports() {
    let published = include_str!("../../../docs/search.schema.json");
    let published: Value = serde_json::from_str(published).expect("the schema is JSON");
    assert!(draft202012::meta::is_valid(&published));
    let (of_search, of_run) =
        (validator(&closed(published)), validator(&closed(schema())["properties"]["run"]));
    let document = search_document();
    let found = [problems(&of_search, &document), problems(&of_run, &document["run"])];
    assert_eq!(found, [Vec::<String>::new(), Vec::new()]);
    for (field, broken) in [("rows", json!([{}])), ("search", json!(null)), ("format", json!(2))] {
        let mut document = document.clone();
        document[field] = broken;
        assert!(!of_search.is_valid(&document), "{field}");
    }
}

#[test]
fn a_report_that_is_broken_is_refused() {
    let validator = validator(&schema());
    let refuse = |what: &str, edit: &dyn Fn(&mut Value)| {
        let mut document = document(&recorded());
        edit(&mut document);
        assert!(!validator.is_valid(&document), "{what}");
    };
    refuse("another format", &|document| document["format"] = json!(2));
    refuse("no rows", &|document| drop(document.as_object_mut().unwrap().remove("rows")));
    refuse("an ending of no kind", &|document| document["ending"] = json!("done"));
    refuse("a time that is text", &|document| document["rows"][0]["mean_s"] = json!("0.1"));
    refuse("a negative time", &|document| document["rows"][0]["round_s"][0] = json!(-1.0));
    refuse("memory of no kind", &|document| document["rows"][0]["memory"]["kind"] = json!("uss"));
    refuse("a row without a state", &|document| {
        document["rows"][0].as_object_mut().unwrap().remove("state");
    });
    refuse("numbers of an invalid row", &|document| {
        document["rows"][0]["state"] = json!("invalid")
    });
}

/// Bencher's own schema, without its tolerance of other names and fields.
fn bencher_metric_format() -> Validator {
    fn close(schema: &mut Value) {
        let Some(names) = schema.get_mut("patternProperties") else { return };
        names.as_object_mut().expect("patterns").values_mut().for_each(close);
        schema["additionalProperties"] = json!(false);
    }
    let published = include_str!("../../../fixtures/schemas/bencher-metric-format.schema.json");
    let mut schema = closed(serde_json::from_str(published).expect("the schema is JSON"));
    close(&mut schema);
    draft7::options().build(&schema).expect("a schema of draft 7")
}

/// What github-action-benchmark's type asks for.
fn github_action_benchmark() -> Validator {
    let text = include_str!("../../../fixtures/schemas/github-action-benchmark.schema.json");
    validator(&serde_json::from_str(text).expect("the schema is JSON"))
}

#[test]
fn what_the_benchmark_action_reads_has_the_shape_of_its_type() {
    let validator = github_action_benchmark();
    for journal in
        [recorded(), named(""), named("a\nb"), without_valid_rows(), of_a_thousand_rows()]
    {
        let text = github(&run(&journal)).expect("every value has a form in JSON");
        let document = serde_json::from_str(&text).expect("the document is JSON");
        let found = problems(&validator, &document);
        assert!(found.is_empty(), "{found:#?}");
    }
    let document: Value = serde_json::from_str(&github(&run(&recorded())).unwrap()).unwrap();
    let refuse = |what: &str, edit: &dyn Fn(&mut Value)| {
        let mut document = document.clone();
        edit(&mut document);
        assert!(!validator.is_valid(&document), "{what}");
    };
    refuse("a value that is text", &|document| document[0]["value"] = json!("0.1"));
    refuse("a range that is a number", &|document| document[0]["range"] = json!(0.1));
    refuse("a field of another name", &|document| document[0]["mean"] = json!(0.1));
    refuse("no unit", &|document| drop(document[0].as_object_mut().unwrap().remove("unit")));
    refuse("an object of entries", &|document| *document = json!({"entries": []}));
}

#[test]
fn what_bencher_reads_has_the_shape_of_its_schema() {
    for journal in
        [recorded(), named(""), named("a\nb"), without_valid_rows(), of_a_thousand_rows()]
    {
        let text = bencher(&run(&journal)).expect("every value has a form in JSON");
        let document = serde_json::from_str(&text).expect("the document is JSON");
        let found = problems(&bencher_metric_format(), &document);
        assert!(found.is_empty(), "{found:#?}");
    }
    let document: Value = serde_json::from_str(&bencher(&run(&recorded())).unwrap()).unwrap();
    let mut of_text = document.clone();
    of_text["Sequential IO heavy processing"]["latency"]["value"] = json!("88980312");
    assert!(!bencher_metric_format().is_valid(&of_text));
    // In nanoseconds: the row takes 89 ms.
    assert_eq!(
        document["Sequential IO heavy processing"]["latency"]["value"],
        88_980_312.333_333_36
    );
}
