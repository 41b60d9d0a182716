#!/usr/bin/env bash
# Server and batches under load, through ./lumina as users start it, with the demo model: bars in a
# Markdown table, and all figures as JSON in build/load. Ten minutes.
#   ci/load.sh [SECONDS [REQUESTS [PICTURES]]]     default: 120 10000 100
#     SECONDS    eight clients at once for so long, a quarter of it to warm up; then clients hang up
#     REQUESTS   malformed requests
#     PICTURES   of a batch that is killed again and again
# LUMINA_MODEL: another model, as the program knows it, such as recipe:tiny.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

out=$build/load
rm -rf "$out"
mkdir -p "$out"
"$root/lumina" --version >&2 # builds before anything is measured
export LUMINA_SKIP_BUILD=1
run() { python3 -B "$root/ci/load_$1.py" "$out" "$2" || say "load_$1 ended early"; }
run clients "${1:-120}"
run requests "${2:-10000}"
run batch "${3:-100}"
python3 -B "$root/ci/load_table.py" "$out"
