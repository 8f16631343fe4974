"""Computes the figures of docs/results/http.md from what measure.sh has saved."""

import glob
import json
import re
import statistics
import subprocess
import sys
import time


def samples(folder, matrix, counted):
    """What each row's sample has, by the row's name; of the counted round, or of the one to warm up."""
    (journal,) = glob.glob(f"{folder}/{matrix}/*/journal.ndjson")
    for line in open(journal, encoding="utf-8"):
        sample = json.loads(line)["record"].get("sample")
        if sample and (sample["round"] > 0) == counted:
            yield sample["row"], sample["outcome"]["measured"], sample.get("server")


def speed(folder):
    """Requests a second, each row against wrk."""
    trials = re.findall(r"Requests/sec:\s*([\d.]+)", open(f"{folder}/wrk.txt").read())
    wrk = max(map(float, trials))
    print(f"wrk: {wrk / 1e3:.1f} k requests/s, the best of {trials}, before and after the rows")
    rows = []
    for row, outcome, server in samples(folder, "speed", True):
        measured = outcome["measured"]
        rate = (server["gets"] + server["puts"]) / measured["run_ns"] * 1e9
        rows.append((rate, row, server["peak"], measured["violations"]))
    for rate, row, peak, violations in sorted(rows, reverse=True):
        print(f"{row:28} {rate / 1e3:6.1f} k requests/s, {rate / wrk:.2f} of wrk, "
              f"at most {peak} at the server {violations}")


def twins(folder):
    """How much longer a row over sockets takes than its simulated twin."""
    def total(measured):
        return (measured["startup_ns"] + measured["run_ns"] + measured["shutdown_ns"]) / 1e9
    times = {row: outcome["measured"] for row, outcome, _ in samples(folder, "twins", True)}
    for row, http in times.items():
        if row.startswith("http "):
            name = row.removeprefix("http ")
            api, taken = total(times[f"api {name}"]), total(http)
            print(f"{name:24} api {api:.3f} s, http {taken:.3f} s: {(taken / api - 1) * 100:+.2f} % "
                  f"{http['violations']}")


def many(folder):
    """Memory for each request in flight: what 10,500 take more than 100."""
    peaks = {}
    for row, outcome, server in samples(folder, "many", False):
        seen = outcome["measured"]["seen"]["peak"]
        peaks[row] = (outcome["memory"]["peak_bytes"], seen)
        print(f"{row}: the receipts show {seen}, the server saw {server['peak']}, "
              f"{outcome['measured']['violations']}")
    (much, with_many), (little, with_few) = peaks["10500 in flight"], peaks["100 in flight"]
    print(f"{(much - little) / (with_many - with_few) / 1024:.1f} KiB for each request in flight")


def start(server):
    """From starting the server to its first line."""
    taken = []
    for _ in range(20):
        began = time.monotonic()
        process = subprocess.Popen([server], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdout.readline()
        taken.append((time.monotonic() - began) * 1e3)
        process.stdin.close()
        process.wait()
    print(f"the server starts in {statistics.median(taken):.1f} ms (median of 20, {max(taken):.1f} at most)")


if __name__ == "__main__":
    folder, server, *matrices = sys.argv[1:]
    start(server)
    for matrix in matrices:
        print(f"== {matrix}")
        {"speed": speed, "twins": twins, "many": many}[matrix](folder)
