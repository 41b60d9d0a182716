#!/usr/bin/env bash
# Best of N on the demo model: how many answers are right when a verifier chooses among 1, 2, ... 16
# candidates; a Markdown table, and its bar. A quarter of an hour.
#   ci/best_of.sh [QUESTIONS]     of each of the six categories; default: 20
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

out=$build/best-of
rm -rf "$out"
# The checks of all candidates are kept, so one run tells of both verifiers and of every N.
"$root/lumina" evaluate --groups single_object,two_object,counting,colors,position,color_attr \
  --limit "${1:-20}" --best-of 16 --verifier likelihood -o "$out" --quiet >/dev/null
python3 "$root/ci/best_of_table.py" "$out/results.json"
