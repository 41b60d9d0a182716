#!/usr/bin/env bash
# Speculative decoding of the demo model: codes per pass, time per picture and what is drawn, by mode
# and window, in one run; a Markdown table, and its bars. A quarter of an hour.
#   ci/speculation.sh [QUESTIONS]     of each group for sequential, mc and sjd; default: 120, or all
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

out=$build/speculation
mkdir -p "$out"

words=single_object,two_object,counting,colors,position,color_attr
pictures=i2i-canny,i2i-depth,subject,edit # with a picture given

# ask NAME GROUPS QUESTIONS [options of lumina evaluate]: leaves $out/NAME.json
ask() {
  "$root/lumina" evaluate --groups "$2" --limit "$3" "${@:4}" --json --quiet >"$out/$1.json"
}

questions=${1:-120}
few=20 # where only speed matters
ask sequential "$words,$pictures" "$questions"
ask mc-16 "$words,$pictures" "$questions" --speculate=mc --window 16
ask sjd-16 "$words,$pictures" "$questions" --speculate=sjd --window 16
for window in 8 32; do
  for mode in mc sjd; do ask "$mode-$window" "$words" $few --speculate=$mode --window $window; done
done
for window in 8 16 32; do ask "gum-$window" "$words" $few --speculate=gum --window $window; done
ask mc-lambda-16 "$words" $few --speculate=mc-lambda --window 16
ask ref-16 "$words" $few --speculate=ref --window 16
python3 "$root/ci/speculation_table.py" "$out"
