#!/usr/bin/env bash
# Measures what docs/results/http.md says. Needs wrk and python3, an idle machine, and four minutes after the
# build; `measure.sh FOLDER speed` runs one matrix alone. Runs are saved in FOLDER.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
[ $# -ge 1 ] || { echo "usage: measure.sh FOLDER [speed|twins|many]..." >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- speed many twins

cargo build --release --quiet -p paceline-api-server -p paceline-worker
server=${CARGO_TARGET_DIR:-target}/release/paceline-api-server

coproc SERVER { exec "$server"; }
read -r line <&"${SERVER[0]}"
url=$(sed 's/.*"url":"\([^"]*\)".*/\1/' <<<"$line")
for _ in 1 2 3; do wrk -t1 -c64 -d5s "$url/records/2"; done >"$out/wrk.txt"
# It ends with its standard input.
exec {input}>&"${SERVER[1]}"
exec {input}>&-
eval "exec ${SERVER[1]}>&-"

for matrix in "$@"; do
  rm -rf "${out:?}/$matrix"
  cargo xtask bench --matrix "$here/$matrix.toml" --rounds 1 --retakes 0 --out "$out/$matrix" >"$out/$matrix.txt"
done
python3 "$here/figures.py" "$out" "$server" "$@"
