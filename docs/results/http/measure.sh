#!/usr/bin/env bash
# Measures what docs/results/http.md says. Needs wrk and python3, an idle machine, and some five minutes after the
# build; `measure.sh FOLDER speed` runs one matrix alone. Runs are saved in FOLDER.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
[ $# -ge 1 ] || { echo "usage: measure.sh FOLDER [speed|twins|many]..." >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- speed many twins

# One by one, as `bench` does: together they would be built with other features.
cargo build --release --quiet -p paceline-api-server
cargo build --release --quiet -p paceline-worker
server=${CARGO_TARGET_DIR:-target}/release/paceline-api-server

# A server without waits, under wrk.
load() {
  coproc SERVER { exec "$server"; }
  local pid=$SERVER_PID line url
  read -r line <&"${SERVER[0]}"
  url=$(sed 's/.*"url":"\([^"]*\)".*/\1/' <<<"$line")
  for _ in 1 2; do wrk -t1 -c64 -d5s "$url/records/2"; done
  # It ends with its standard input.
  exec {SERVER[1]}>&-
  wait "$pid"
}

for matrix in "$@"; do
  rm -rf "${out:?}/$matrix"
  [ "$matrix" != speed ] || load >"$out/wrk.txt"
  cargo xtask bench --matrix "$here/$matrix.toml" --rounds 1 --retakes 0 --out "$out/$matrix" >"$out/$matrix.txt"
  [ "$matrix" != speed ] || load >>"$out/wrk.txt"
done
python3 "$here/figures.py" "$out" "$server" "$@"
