//! `cargo xtask audit`: the instrument tests itself.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use jiff::Timestamp;
use paceline_protocol::HostFacts;
use serde::Serialize;

use crate::audit::{Check, Extent, Finding, Lab};
use crate::cli::{AuditArgs, AuditFormat};
use crate::commands::{print, say};
use crate::doctor;
use crate::exit::LIMIT_NOT_HELD;
use paceline_driver::drive::logs_in;
use paceline_driver::runs::RunFolder;
use paceline_driver::worker::{Worker, Workers};
use paceline_driver::{provenance, workspace};

pub(crate) fn run(args: &AuditArgs) -> Result<ExitCode> {
    let extent = if args.quick { Extent::Quick } else { Extent::Full };
    let folder = RunFolder::create(&workspace::audits(), "audit", extent.name())?;
    let audit = run_in(&folder.path, args, extent);
    folder.discard();
    let audit = audit?;

    print(&match args.format {
        AuditFormat::Table => told(&audit),
        AuditFormat::Json => json(&audit)?,
    })?;
    // After the findings are shown, so that a file that cannot be written does not lose them.
    if let Some(path) = &args.out {
        fs::write(path, page(&audit, args))
            .with_context(|| format!("write the audit to {}", path.display()))?;
    }
    let holds = audit.findings.iter().all(|of_check| of_check.findings.iter().all(|f| f.holds));
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(LIMIT_NOT_HELD) })
}

/// Everything that an audit tells.
#[derive(Debug, Serialize)]
struct Audit {
    format: u32,
    seed: u64,
    began: String,
    revision: Option<String>,
    rustc: String,
    worker: paceline_core::Digest,
    host: HostFacts,
    findings: Vec<OfCheck>,
}

/// What one check found.
#[derive(Debug, Serialize)]
struct OfCheck {
    check: Check,
    findings: Vec<Finding>,
}

impl Audit {
    fn verdict(&self) -> String {
        let findings = || self.findings.iter().flat_map(|of_check| &of_check.findings);
        match (findings().filter(|finding| !finding.holds).count(), findings().count()) {
            (0, all) => format!("All {all} limits hold."),
            (broken, all) => format!("{broken} of {all} limits do not hold."),
        }
    }
}

fn run_in(folder: &Path, args: &AuditArgs, extent: Extent) -> Result<Audit> {
    say("building the worker (release)");
    let workers = Workers { own: Worker::build()?, others: Default::default() };
    let registry = workers.own.registry()?;
    let host = paceline_measure::host::facts();
    for warning in doctor::examine(&host, &[]).warnings() {
        say(&format!("warning: {warning}"));
    }
    let logs = logs_in(folder);
    fs::create_dir_all(&logs).with_context(|| format!("make the folder {}", logs.display()))?;
    let lab =
        Lab { workers: &workers, registry: &registry, host: &host, logs: &logs, seed: args.seed };
    let mut audit = Audit {
        format: 1,
        seed: args.seed,
        began: Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        revision: provenance::revision(),
        rustc: provenance::rustc_version(),
        worker: workers.own.hash()?,
        host: host.clone(),
        findings: Vec::new(),
    };
    for check in Check::ALL.into_iter().filter(|check| wanted(*check, args)) {
        say(&format!("checking: {}", check.name()));
        audit.findings.push(OfCheck { check, findings: check.run(&lab, extent) });
    }
    // Stays when a case wrote to its log.
    let _ = fs::remove_dir(&logs);
    Ok(audit)
}

fn wanted(check: Check, args: &AuditArgs) -> bool {
    args.only.is_empty() || args.only.contains(&check)
}

const HEADER: [&str; 5] = ["check", "tested", "limit", "seen", "holds"];

/// The findings as a table in Markdown, padded so that it can be read as it stands.
fn table(findings: &[OfCheck]) -> String {
    let mut rows = vec![HEADER.map(str::to_owned)];
    for OfCheck { check, findings } in findings {
        rows.extend(findings.iter().map(|finding| cells(*check, finding)));
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..HEADER.len()).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &[String; 5]| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!(" {cell:width$} |"));
        format!("|{}\n", padded.collect::<String>())
    };
    rows.insert(1, std::array::from_fn(|column| "-".repeat(widths[column])));
    rows.iter().map(line).collect()
}

fn cells(check: Check, finding: &Finding) -> [String; 5] {
    let Finding { tested, limit, seen, holds, .. } = finding;
    let holds = if *holds { "yes" } else { "NO" };
    [check.name(), tested, limit, seen, holds].map(str::to_owned)
}

/// The table, why some of it does not hold, and the verdict.
fn told(audit: &Audit) -> String {
    let why = audit.findings.iter().flat_map(|OfCheck { check, findings }| {
        let reasons = findings.iter().flat_map(|finding| &finding.why);
        reasons.map(|reason| format!("- {}: {reason}\n", check.name()))
    });
    let why: String = why.collect();
    let gap = if why.is_empty() { "" } else { "\n" };
    format!("{}\n{why}{gap}{}\n", table(&audit.findings), audit.verdict())
}

/// The page that `--out` asks for.
fn page(audit: &Audit, args: &AuditArgs) -> String {
    format!(
        "# The instrument tested by itself\n\n    {}\n\n{}, seed {}, {}, revision {}, worker {}.\n\n\
         {}\n\n{}",
        command(args),
        audit.began,
        audit.seed,
        audit.rustc,
        audit.revision.as_deref().unwrap_or("unknown"),
        audit.worker,
        host(&audit.host),
        told(audit)
    )
}

/// The command that does the same again.
fn command(args: &AuditArgs) -> String {
    let only = args.only.iter().map(|check| format!(" --only {}", check.name()));
    let quick = if args.quick { " --quick" } else { "" };
    format!("cargo xtask audit --seed {}{quick}{}", args.seed, only.collect::<String>())
}

/// The facts of the host that bear on the findings; those it does not tell are left out.
fn host(facts: &HostFacts) -> String {
    let memory = facts.total_memory_bytes.map(|bytes| format!("{} MiB of memory", bytes >> 20));
    let kernel = facts.kernel_release.as_ref().map(|release| format!("{} {release}", facts.os));
    let load = facts.load_average.map(|[minute, ..]| format!("load {minute:.2} before the audit"));
    let virtualised = facts.virtualised.unwrap_or(false).then(|| "a virtual machine".to_owned());
    let cores = Some(format!("{} usable cores", facts.usable_cores));
    let known = [facts.cpu_model.clone(), cores, memory, kernel, virtualised, load];
    format!("Host: {}.", known.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn json(audit: &Audit) -> Result<String> {
    let text = serde_json::to_string_pretty(audit).context("write the audit as JSON")?;
    Ok(text + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(seen: &str, holds: bool) -> OfCheck {
        let (tested, limit, seen) = ("a thing".to_owned(), "1 %".to_owned(), seen.to_owned());
        let why = if holds { Vec::new() } else { vec!["it fell over".to_owned()] };
        OfCheck { check: Check::Hog, findings: vec![Finding { tested, limit, seen, holds, why }] }
    }

    #[test]
    fn the_table_is_padded_markdown_and_shouts_what_does_not_hold() {
        let text = table(&[found("2 %", false), found("0.5 %", true)]);
        let expected = "\
| check | tested  | limit | seen  | holds |
| ----- | ------- | ----- | ----- | ----- |
| hog   | a thing | 1 %   | 2 %   | NO    |
| hog   | a thing | 1 %   | 0.5 % | yes   |
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_does_not_hold_is_explained_below_the_table_and_counted() {
        let audit = Audit {
            format: 1,
            seed: 1,
            began: String::new(),
            revision: None,
            rustc: String::new(),
            worker: paceline_core::Digest(0),
            host: paceline_measure::host::facts(),
            findings: vec![found("2 %", false), found("0.5 %", true)],
        };
        let end = "\n\n- hog: it fell over\n\n1 of 2 limits do not hold.\n";
        assert!(told(&audit).ends_with(end), "{}", told(&audit));
    }

    #[test]
    fn the_command_names_what_decides_the_findings_and_no_path() {
        let (only, out) = (vec![Check::Memory, Check::Hog], Some("somewhere.md".into()));
        let args = AuditArgs { only, quick: true, seed: 7, format: AuditFormat::Table, out };
        let text = "cargo xtask audit --seed 7 --quick --only memory --only hog";
        assert_eq!(command(&args), text);
    }
}
