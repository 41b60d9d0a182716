#!/usr/bin/env bash
# What the demo model draws, against its bars: a Markdown table, and pictures in build/evaluate.
# Some minutes.
#   ci/evaluate.sh [options of lumina evaluate]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

"$root/lumina" evaluate -o "$build/evaluate" --quiet "$@" >/dev/null
python3 "$root/ci/evaluate_table.py" "$build/evaluate/results.json"
