//! JUnit XML, which build servers show: a row is a test.
//!
//! Source: the schema that Jenkins' xUnit plugin publishes, `junit-10.xsd`: `failure` for what was tested
//! and is not so, `error` for what could not be tested, `skipped` for what was not.

use std::io;

use paceline_stats::compare::{Quantity, RowComparison, RowGate};
use paceline_stats::summary::{RowState, RowSummary};
use paceline_stats::{Run, RunComparison, Series};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::ReportError;
use crate::cell::{name, percent, state_and_reasons};

/// The run as tests that each row is valid.
///
/// # Errors
///
/// When a value has no form in XML, which would be a bug.
pub fn junit(run: &Run) -> Result<String, ReportError> {
    let cases: Vec<Case> = run.rows().iter().map(of_row).collect();
    let suite =
        format!("{}, {}", name(&run.header().plan.matrix.title), name(&run.header().run_id));
    write(&suite, &cases)
}

/// The comparison as tests that no row takes more than its base by more than a limit, a fraction of it: a
/// test a row for each of `gates`. What the gate cannot tell is an error; rows that one side does not have
/// are skipped.
///
/// # Errors
///
/// When a value has no form in XML, which would be a bug.
pub fn comparison_junit(
    comparison: &RunComparison,
    gates: &[(Quantity, f64)],
) -> Result<String, ReportError> {
    let tests = |row| gates.iter().map(move |(quantity, limit)| of_gate(row, *quantity, *limit));
    let mut cases: Vec<Case> = comparison.rows.iter().flat_map(tests).collect();
    let sides = &comparison.sides;
    // As the gate has it: a row that vanished was not seen to be fine, and a new one has no base.
    let vanished = comparison.only_base.iter().map(|row| {
        unmatched(row, Outcome::Error("inconclusive", format!("only in {}", name(&sides.base))))
    });
    cases.extend(vanished);
    let new = comparison.only_head.iter();
    cases.extend(
        new.map(|row| unmatched(row, Outcome::Skipped(format!("only in {}", name(&sides.head))))),
    );
    if comparison.rows.is_empty() {
        // Nothing was compared, so nothing is known to be fine.
        let reason = "the sides have none in common".to_owned();
        cases.push(unmatched("rows of the same name", Outcome::Error("inconclusive", reason)));
    }
    let caveats: String =
        comparison.caveats.iter().map(|caveat| format!("; careful: {}", name(caveat))).collect();
    write(&format!("{} against {}{caveats}", name(&sides.head), name(&sides.base)), &cases)
}

struct Case {
    name: String,
    class: String,
    seconds: Option<f64>,
    outcome: Outcome,
}

/// What became of a test: a type and a message, or a message alone.
enum Outcome {
    Passed,
    Failure(&'static str, String),
    Error(&'static str, String),
    Skipped(String),
}

fn of_row(row: &RowSummary) -> Case {
    let (state, reasons) = state_and_reasons(&row.state);
    let reasons = name(&reasons.join("; "));
    let outcome = match &row.state {
        RowState::Valid => Outcome::Passed,
        RowState::Invalid(_) | RowState::TimedOut(_) => Outcome::Failure(state, reasons),
        RowState::Broken(_) => Outcome::Error(state, reasons),
        RowState::Skipped(_) => Outcome::Skipped(reasons),
        RowState::NotRun => Outcome::Skipped("the run ended before its first sample".to_owned()),
    };
    let case = &row.row.case;
    Case {
        name: name(&row.row.name),
        class: format!("{}.{}", name(&case.spec.workload), name(&case.executor)),
        seconds: row.seconds.as_ref().map(Series::mean),
        outcome,
    }
}

fn of_gate(row: &RowComparison, quantity: Quantity, limit: f64) -> Case {
    let (what, class, unknown) = match quantity {
        Quantity::Time => ("time", "compare", "not valid on both sides"),
        Quantity::Memory => ("memory", "compare.memory", "not known on both sides"),
    };
    let told = match row.of(quantity) {
        None => unknown.to_owned(),
        Some(judged) => {
            let compared = &judged.comparison;
            let (ratio, low, high) = (compared.ratio, compared.low, compared.high);
            let percent = percent(limit);
            format!("{what} ratio {ratio:.3}, {low:.3} to {high:.3}; the gate is {percent} %")
        }
    };
    let outcome = match row.gate(quantity, limit) {
        RowGate::Fine => Outcome::Passed,
        RowGate::Regression => Outcome::Failure("regression", told),
        RowGate::Inconclusive => Outcome::Error("inconclusive", told),
    };
    Case { name: name(&row.name), class: class.to_owned(), seconds: None, outcome }
}

fn unmatched(row: &str, outcome: Outcome) -> Case {
    Case { name: name(row), class: "compare".to_owned(), seconds: None, outcome }
}

fn write(suite: &str, cases: &[Case]) -> Result<String, ReportError> {
    let count = |belongs: fn(&Outcome) -> bool| {
        cases.iter().filter(|case| belongs(&case.outcome)).count().to_string()
    };
    let totals = [
        ("name", suite.to_owned()),
        ("tests", cases.len().to_string()),
        ("failures", count(|outcome| matches!(outcome, Outcome::Failure(..)))),
        ("errors", count(|outcome| matches!(outcome, Outcome::Error(..)))),
        ("skipped", count(|outcome| matches!(outcome, Outcome::Skipped(_)))),
    ];
    let totals = || totals.iter().map(|(key, value)| (*key, value.as_str()));
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    // The outer element's count of skipped tests is in no schema.
    let outer = totals().filter(|(key, _)| *key != "skipped");
    writer.create_element("testsuites").with_attributes(outer).write_inner_content(|writer| {
        let element = writer.create_element("testsuite").with_attributes(totals());
        element.write_inner_content(|writer| {
            cases.iter().try_for_each(|case| write_case(writer, case))
        })?;
        Ok(())
    })?;
    Ok(String::from_utf8_lossy(&writer.into_inner()).into_owned() + "\n")
}

fn write_case(writer: &mut Writer<Vec<u8>>, case: &Case) -> io::Result<()> {
    let time = case.seconds.map(|seconds| format!("{seconds:.9}"));
    let attributes = [("classname", case.class.as_str()), ("name", case.name.as_str())];
    let attributes = attributes.into_iter().chain(time.as_deref().map(|time| ("time", time)));
    let element = writer.create_element("testcase").with_attributes(attributes);
    let (tag, kind, message) = match &case.outcome {
        Outcome::Passed => {
            element.write_empty()?;
            return Ok(());
        }
        Outcome::Failure(kind, message) => ("failure", Some(*kind), message),
        Outcome::Error(kind, message) => ("error", Some(*kind), message),
        Outcome::Skipped(message) => ("skipped", None, message),
    };
    element.write_inner_content(|writer| {
        let attributes = [("message", message.as_str())];
        let attributes = attributes.into_iter().chain(kind.map(|kind| ("type", kind)));
        let inner = writer.create_element(tag).with_attributes(attributes);
        inner.write_text_content(BytesText::new(message))?;
        Ok(())
    })?;
    Ok(())
}
