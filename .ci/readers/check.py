"""Opens what `cargo xtask report` writes with the programs that it is written for.

Usage: check.py FOLDER, where FOLDER has run.pyperf.json, run.hyperfine.json, run.github.json, run.csv,
run.junit.xml and gate.junit.xml of a run without an invalid row. Broken copies have to be refused: a
check that takes anything would prove nothing.
"""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pyperf
from junitparser import JUnitXml

folder = Path(sys.argv[1])


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


def run_pyperf(command, *paths):
    arguments = [sys.executable, "-m", "pyperf", command, *map(str, paths)]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == 0, f"pyperf {command}: {done.stderr}"
    return done.stdout


def check_hyperfine(rows):
    results = json.loads((folder / "run.hyperfine.json").read_text())["results"]
    assert len(results) == rows
    for result in results:
        # As hyperfine's own scripts read it.
        assert all(isinstance(result[key], float) for key in ("mean", "median", "min", "max"))
        assert all(isinstance(result[key], (float, type(None))) for key in ("stddev", "user", "system"))
        assert len(result["times"]) == len(result["exit_codes"])
        assert min(result["times"]) == result["min"] and max(result["times"]) == result["max"]
        assert all(isinstance(size, int) for size in result["memory_usage_byte"])


def check_github(rows):
    entries = json.loads((folder / "run.github.json").read_text())
    names = [entry["name"] for entry in entries]
    assert len(entries) == 2 * rows and len(set(names)) == len(names)
    for entry in entries:
        assert isinstance(entry["value"], (int, float)) and entry["unit"] in ("s", "MiB")


def check_csv(rows):
    text = (folder / "run.csv").read_bytes().decode()
    records = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert len(records) == rows
    assert all(record["state"] == "valid" and float(record["mean_s"]) > 0 for record in records)


def check_junit(rows):
    for name in ("run.junit.xml", "gate.junit.xml"):
        suites = JUnitXml.fromfile(str(folder / name))
        cases = [case for suite in suites for case in suite]
        assert len(cases) == rows and suites.tests == rows, name
    cut = (folder / "run.junit.xml").read_text()[:-5]
    refused("XML that is cut off", lambda: JUnitXml.fromstring(cut))


rows = check_pyperf()
check_hyperfine(rows)
check_github(rows)
check_csv(rows)
check_junit(rows)
print(f"{rows} rows opened by pyperf {pyperf.__version__}, junitparser, csv and json")
