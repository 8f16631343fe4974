"""Opens what `cargo xtask report` writes with the programs that it is written for.

Usage: check.py FOLDER HYPERFINE, where FOLDER has run.pyperf.json, run.hyperfine.json, run.csv, run.md,
run.junit.xml and gate.junit.xml of a run without an invalid row, and HYPERFINE is the source of hyperfine
with its scripts. Broken copies have to be refused: a check that takes anything would prove nothing. What
Bencher and github-action-benchmark read is held against their schemas by the tests of crates/report.
"""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyperf
from junitparser import JUnitXml
from markdown_it import MarkdownIt

folder, hyperfine = Path(sys.argv[1]), Path(sys.argv[2])


def refused(what, attempt):
    """Fails unless the reader refuses a file that is broken."""
    try:
        attempt()
    except Exception:
        return
    raise AssertionError(f"{what} was taken by its reader")


def check_pyperf():
    path = folder / "run.pyperf.json"
    suite = pyperf.BenchmarkSuite.load(str(path))
    for benchmark in suite.get_benchmarks():
        metadata = benchmark.get_metadata()
        # What the reference's own report prints.
        for key in ("platform", "cpu_count", "perf_version", "python_version"):
            assert key in metadata, f"{benchmark.get_name()}: no {key}"
        assert isinstance(metadata["mem_max_rss"], int), benchmark.get_name()
        assert benchmark.get_nvalue() >= 1 and benchmark.mean() > 0
        assert benchmark.get_runs()[0].warmups, "the first run warms up"
    for command in ("show", "stats", "hist", "dump"):
        told = run_pyperf(command, path)
        for name in suite.get_benchmark_names():
            assert name in told, f"pyperf {command} does not tell of {name}"
    run_pyperf("compare_to", path, path)

    def damaged(edit):
        document = json.loads(path.read_text())
        edit(document)
        return lambda: pyperf.BenchmarkSuite.loads(json.dumps(document))

    def as_float(document):
        document["benchmarks"][0]["metadata"]["mem_max_rss"] = 1.5

    def without_name(document):
        del document["benchmarks"][0]["metadata"]["name"]

    refused("memory that is no integer", damaged(as_float))
    refused("a benchmark without a name", damaged(without_name))
    return len(suite)


def run(program, *arguments):
    done = subprocess.run(
        [sys.executable, *map(str, program), *map(str, arguments)],
        capture_output=True,
        text=True,
        # There is no screen to draw on.
        env={**os.environ, "MPLBACKEND": "Agg"},
    )
    assert done.returncode == 0, f"{program}: {done.stderr}"
    return done.stdout


def run_pyperf(command, *paths):
    return run(["-m", "pyperf", command], *paths)


def check_hyperfine(rows):
    path = folder / "run.hyperfine.json"
    results = json.loads(path.read_text())["results"]
    assert len(results) == rows
    told = run([hyperfine / "scripts/advanced_statistics.py"], path)
    for result in results:
        assert f"Command '{result['command']}'" in told, result["command"]
    # The mean over a fifth of the runs that the last would draw wants five, and a short run has one round.
    for script, *options in (
        ["plot_whisker"],
        ["plot_histogram"],
        ["plot_progression", "--no-moving-average"],
    ):
        picture = folder / f"{script}.png"
        run([hyperfine / f"scripts/{script}.py"], path, *options, "--output", picture)
        assert picture.stat().st_size > 1_000, script
    broken = folder / "broken.hyperfine.json"
    broken.write_text(path.read_text().replace('"times"', '"seconds"'))
    refused(
        "a result without its times",
        lambda: run([hyperfine / "scripts/advanced_statistics.py"], broken),
    )


def check_csv(rows):
    text = (folder / "run.csv").read_bytes().decode()
    records = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert len(records) == rows
    assert all(record["state"] == "valid" and float(record["mean_s"]) > 0 for record in records)


def check_markdown(rows):
    def table(text):
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        cells = [token.content for token in tokens if token.type == "inline"]
        return cells, sum(token.type == "tr_open" for token in tokens)

    text = (folder / "run.md").read_text()
    cells, lines = table(text)
    assert lines == 1 + rows, f"{lines} lines of a table of {rows} rows"
    with (folder / "run.csv").open(newline="") as file:
        for record in csv.DictReader(file):
            # The renderer undoes the escapes of what could be markup.
            assert any(cell.replace("\\", "") == record["name"] for cell in cells), record["name"]
    assert table(text.replace("| ---: |", "|"))[1] == 0, "a table without its ruler was taken for one"


def check_junit(rows):
    for name in ("run.junit.xml", "gate.junit.xml"):
        suites = JUnitXml.fromfile(str(folder / name))
        cases = [case for suite in suites for case in suite]
        assert len(cases) == rows and suites.tests == rows, name
    cut = (folder / "run.junit.xml").read_text()[:-5]
    refused("XML that is cut off", lambda: JUnitXml.fromstring(cut))


rows = check_pyperf()
check_hyperfine(rows)
check_csv(rows)
check_markdown(rows)
check_junit(rows)
print(f"{rows} rows opened by pyperf {pyperf.__version__}, hyperfine's scripts, junitparser, markdown-it and csv")
