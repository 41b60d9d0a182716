#!/usr/bin/env bash
# Speculative decoding of the demo model: codes per pass, time per picture and what is drawn, by mode
# and window, in one run; a Markdown table, and its bars. Some twenty minutes.
#   ci/speculation.sh [QUESTIONS]     asked of each category of GenEval in the exact modes; default: 120
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

out=$build/speculation
mkdir -p "$out"

# ask NAME QUESTIONS [options of lumina evaluate]: leaves $out/NAME.json
ask() {
  "$root/lumina" evaluate --groups single_object,two_object,counting,colors,position,color_attr \
    --limit "$2" "${@:3}" --json --quiet >"$out/$1.json"
}

questions=${1:-120}
few=20 # where only speed matters
ask sequential "$questions"
ask mc-16 "$questions" --speculate=mc --window 16
ask sjd-16 "$questions" --speculate=sjd --window 16
for window in 8 32; do
  for mode in mc sjd; do ask "$mode-$window" $few --speculate=$mode --window $window; done
done
for window in 8 16 32; do ask "gum-$window" $few --speculate=gum --window $window; done
ask mc-lambda-16 $few --speculate=mc-lambda --window 16
ask ref-16 $few --speculate=ref --window 16
python3 "$root/ci/speculation_table.py" "$out"
