#!/usr/bin/env bash
# The figures of the README: recipe checkpoints of the 2B shape with 1, 4 and 32 layers, bf16, two rows
# (guidance), on this machine. Prints a Markdown table, leaves it and the reports under build/bench.
#   ci/bench.sh [LAYERS]...     default: 1 4 32 (the last writes 7 GB below $LUMINA_CACHE)
# Checks the bar on memory: peak at most weights, cache and 15 %.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

out=$build/bench
mkdir -p "$out" "$cache/recipes"
[ $# -gt 0 ] || set -- 1 4 32
reports=()
for layers in "$@"; do
  model=$cache/recipes/bench-2b-$layers
  [ -e "$model/config.json" ] || "$root/lumina" recipe "$model" --preset 2b --layers "$layers" >&2
  sides=0
  [ "$layers" = 1 ] && sides=256 # the same image tokenizer for all
  "$root/lumina" bench --model "$model" --image-sides "$sides" --json >"$out/2b-$layers.json"
  reports+=("$out/2b-$layers.json")
done
python3 "$root/ci/bench_table.py" "${reports[@]}" | tee "$out/table.md"
