#!/usr/bin/env bash
# What few bits cost the demo model, as a Markdown table with its bars: the same questions and seeds
# with plain weights and with each format, and how far the law of the next code moves on new samples
# of the demo world. A quarter of an hour; reports stay under build/quality. Needs the native bench.
#   ci/quality.sh [options of lumina evaluate]     all formats get the same, e.g. --samples 4
# By default every question of GenEval's six categories, which make the overall score.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

model=$root/demo/model
out=$build/quality
six=single_object,two_object,counting,colors,position,color_attr
rm -rf "$out"
mkdir -p "$out"

# ask NAME [options of lumina evaluate]: leaves $out/NAME.json
ask() {
  say "quality: $1"
  "$root/lumina" evaluate --model "$model" --dtype bf16 --groups "$six" --json --quiet "${@:2}" >"$out/$1.json"
}

ask bf16 "$@"
ask int8 --quantize int8 "$@"
for method in rtn hqq; do
  ask "int4_$method" --quantize "int4:$method" "$@"
  ask "int4_${method}_exact" --quantize "int4:$method" --activations exact "$@"
done
ask int4_rtn_cache --quantize int4:rtn --kv-cache int8 "$@"

say "quality: laws"
# Another seed than the one that the model was trained on.
"$root/lumina" demo-data records "$out/records" --model "$model" --count 64 --seed 101 >&2
LUMINA_BENCH_MODEL=$model LUMINA_BENCH_RECORDS=$out/records \
  "$build/native/native/bench/lumina_bench" --benchmark_filter='^quality' --benchmark_format=json \
  >"$out/laws.json"
python3 "$root/ci/quality_table.py" "$out" | tee "$out/quality.md"
