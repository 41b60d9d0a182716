#!/usr/bin/env bash
# The figures of the README on this machine, as Markdown tables; they and the reports stay under
# build/bench. Checks their bars.
#   ci/bench.sh [PART]...     default: all
#     steps         decode steps: recipe checkpoints of the 2B shape with 1, 4 and 32 layers, bf16, two
#                   rows (guidance); writes 7 GB below $LUMINA_CACHE. Bar: peak memory at most weights,
#                   cache and 15 %.
#     window        speculative passes against steps: the 7B shape with 4 layers. Bar: a window of 16
#                   takes at most 6 steps.
#     together      1 to 8 pictures in the same passes: the demo model and the 7B shape with 4 layers.
#                   Bar: as many as are drawn by default are at least as fast as one by one.
#     quant         4-bit weights: products, and steps of the 7B shape with 4 layers, against the rate
#                   at which memory is read, and bf16 weights.
#     memory        the whole 7B model in int4: start, resident sizes, what quantising takes, and a
#                   step against one with libtorch's product; writes 7 GB below build/bench and
#                   removes them, needs 16 GB of memory.
#     vision        the picture decoder against plain ATen calls.
#     speculation   ci/speculation.sh
#     start         processor time of calls that draw nothing; wanted: 0.3 s for the help
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

out=$build/bench
mkdir -p "$out" "$cache/recipes"

# recipe PRESET LAYERS: prints the folder of such a checkpoint, which it makes where it is missing
recipe() {
  local model=$cache/recipes/bench-$1-$2
  [ -e "$model/config.json" ] || "$root/lumina" recipe "$model" --preset "$1" --layers "$2" >&2
  printf '%s\n' "$model"
}

# measure NAME PRESET LAYERS [options of lumina bench]: leaves $out/NAME.json
measure() {
  local model
  model=$(recipe "$2" "$3")
  "$root/lumina" bench --model "$model" "${@:4}" --json >"$out/$1.json"
}

# native_bench FILTER [options]: JSON of the native bench
native_bench() {
  [ -x "$build/native/native/bench/lumina_bench" ] || { "$root/ci/setup.sh" tests && "$root/ci/build.sh" native; } >&2
  "$build/native/native/bench/lumina_bench" --benchmark_filter="$1" --benchmark_format=json "${@:2}"
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

# together NAME COUNT PICTURES [options of lumina generate]: leaves $out/together-NAME-COUNT.json
together() {
  "$root/lumina" generate "a red circle left of a blue square" --seed 1 -n "$3" --together "$2" \
    -o "$out/together/{n}.png" --json --quiet "${@:4}" >"$out/together-$1-$2.json"
}

bench_together() {
  local count shape=(--model "$(recipe 7b 4)" --size 128x128)
  mkdir -p "$out/together"
  for count in 1 2 4 8; do
    together demo "$count" 32
    together demo-mc "$count" 32 --speculate
    together 7b-int4 "$count" "$count" "${shape[@]}" --quantize int4
    together 7b-bf16 "$count" "$count" "${shape[@]}"
    together 7b-int4-mc "$count" "$count" "${shape[@]}" --quantize int4 --speculate
  done
  rm -r "$out/together"
  python3 "$root/ci/together_table.py" "$out" | tee "$out/together.md"
}

bench_quant() {
  native_bench '^bars/int4' >"$out/quant-products.json"
  local steps=(--image-sides 0 --windows 0 --cache-lengths "64,4656" --steps 9)
  measure 7b-4-bf16 7b 4 "${steps[@]}"
  measure 7b-4-int4 7b 4 "${steps[@]}" --quantize int4 --kv-cache int8
  python3 "$root/ci/quant_table.py" "$out"/{quant-products,7b-4-bf16,7b-4-int4,quant-bars}.json |
    tee "$out/quant.md"
}

# Layers are quantised one after the other, each on its own: four of them show what all would take.
bench_memory() {
  local shallow folder=$out/7b-int4
  shallow=$(recipe 7b 4)
  rm -rf "$folder" "$folder-4"
  python3 "$root/ci/peak.py" "$out/quantize.json" \
    "$root/lumina" quantize "$shallow" "$folder-4" --quiet >&2
  python3 "$root/ci/repeat_layers.py" "$folder-4" "$folder" 32
  rm -r "$folder-4"
  LUMINA_BENCH_MODEL=$folder native_bench '^memory|^layer' >"$out/memory.json"
  rm -r "$folder"
  python3 "$root/ci/memory_table.py" "$out"/{quantize,memory,memory-bars}.json | tee "$out/memory.md"
}

bench_vision() {
  native_bench '^MovqganBars' >"$out/vision.json"
  python3 "$root/ci/vision_table.py" "$out"/{vision,vision-bars}.json | tee "$out/vision.md"
}

bench_speculation() { "$root/ci/speculation.sh" | tee "$out/speculation.md"; }

# The best of five: others on the machine only add to it.
bench_start() {
  local call
  echo "| call | CPU s |"
  echo "|---|---|"
  for call in --help --version "generate --help" "generate --seed x"; do
    for _ in 1 2 3 4 5; do
      # shellcheck disable=SC2086  # words of a command line
      { TIMEFORMAT='%U %S'; time "$root/lumina" $call >/dev/null 2>&1 || true; } 2>&1
    done | awk -v call="$call" '{ t = $1 + $2; if (NR == 1 || t < best) best = t }
      END { printf "| `lumina %s` | %.2f |\n", call, best }'
  done
}

[ $# -gt 0 ] || set -- start steps window together quant memory vision speculation
for part in "$@"; do
  "bench_$part"
  echo
done
