#!/usr/bin/env bash
# The figures of the README on this machine, as Markdown tables; they and the reports stay under
# build/bench. Checks their bars.
#   ci/bench.sh [PART]...     default: steps window quant speculation
#     steps         decode steps: recipe checkpoints of the 2B shape with 1, 4 and 32 layers, bf16, two
#                   rows (guidance); writes 7 GB below $LUMINA_CACHE. Bar: peak memory at most weights,
#                   cache and 15 %.
#     window        speculative passes against steps: the 7B shape with 4 layers. Bar: a window of 16
#                   takes at most 6 steps.
#     quant         4-bit weights: products, and steps of the 7B shape with 4 layers, against the rate
#                   at which memory is read, bf16 weights and libtorch's product.
#     speculation   ci/speculation.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

out=$build/bench
mkdir -p "$out" "$cache/recipes"

# measure NAME PRESET LAYERS [options of lumina bench]: leaves $out/NAME.json
measure() {
  local model=$cache/recipes/bench-$2-$3
  [ -e "$model/config.json" ] || "$root/lumina" recipe "$model" --preset "$2" --layers "$3" >&2
  "$root/lumina" bench --model "$model" "${@:4}" --json >"$out/$1.json"
}

bench_steps() {
  local layers sides reports=()
  for layers in 1 4 32; do
    sides=0
    [ "$layers" = 1 ] && sides=256 # the same image tokenizer for all
    measure "2b-$layers" 2b "$layers" --image-sides "$sides" --windows 0
    reports+=("$out/2b-$layers.json")
  done
  python3 "$root/ci/bench_table.py" "${reports[@]}" | tee "$out/steps.md"
}

bench_window() {
  measure 7b-4 7b 4 --image-sides 0 --windows 4,8,16,32 --cache-lengths 64,1024,4656
  python3 "$root/ci/window_table.py" "$out/7b-4.json" | tee "$out/window.md"
}

bench_quant() {
  "$build/native/native/bench/lumina_bench" --benchmark_filter='^bars/int4|^layer' \
    --benchmark_format=json >"$out/quant-products.json"
  local steps=(--image-sides 0 --windows 0 --cache-lengths "64,4656" --steps 9)
  measure 7b-4-bf16 7b 4 "${steps[@]}"
  measure 7b-4-int4 7b 4 "${steps[@]}" --quantize int4 --kv-cache int8
  python3 "$root/ci/quant_table.py" "$out"/{quant-products,7b-4-bf16,7b-4-int4}.json |
    tee "$out/quant.md"
}

bench_speculation() { "$root/ci/speculation.sh" | tee "$out/speculation.md"; }

[ $# -gt 0 ] || set -- steps window quant speculation
for part in "$@"; do
  "bench_$part"
  echo
done
