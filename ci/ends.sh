#!/usr/bin/env bash
# A JVM that ends in the middle of a call of the engine: by SIGTERM, SIGINT, System.exit or because
# main returns, at random moments of drawing, reading a prompt, decoding, encoding and loading. Each
# must end with its own status, and none may crash.
#   ci/ends.sh [COUNT] [MODEL]     default: 200, recipe "tiny" below build/ends
# With a larger recipe steps are longer. Needs ci/build.sh and compiled tests of the module java.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

count=${1:-200}
out=$build/ends
model=${2:-$out/tiny}
classpath=$root/java/target/test-classes:$(<"$build/classpath")
rm -rf "$out"/run
mkdir -p "$out/run"
[ -e "$model/config.json" ] || "$root/lumina" recipe "$model" --preset tiny

works=(draw prompt decode encode open)
ways=(TERM INT exit return)
bad=0
for ((i = 0; i < count; i++)); do
  work=${works[RANDOM % ${#works[@]}]}
  way=${ways[RANDOM % ${#ways[@]}]}
  moment=$((RANDOM % 1500))
  log=$out/run/$i.log
  # A shell that runs something in the background has it ignore SIGINT: not so here.
  env --default-signal=INT java -XX:ErrorFile="$out/run/hs_err-$i.log" -XX:-CreateCoredumpOnCrash \
    -cp "$classpath" io.github.lumina4j.testing.EndingProgram "$model" "$work" \
    "$(case $way in TERM | INT) echo signal ;; *) echo "$way" ;; esac)" "$moment" >"$log" 2>&1 &
  pid=$!
  case $way in
    TERM) wanted=143 ;;
    INT) wanted=130 ;;
    exit) wanted=7 ;;
    *) wanted=0 ;;
  esac
  if [ "$wanted" -gt 128 ]; then
    until grep -qs working "$log" || ! kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
    sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
    asked=$(date +%s%3N)
    kill -s "$way" "$pid" 2>/dev/null || true
  fi
  status=0
  wait "$pid" || status=$?
  ended=$(date +%s%3N)
  [ "$wanted" -gt 128 ] || asked=$(sed -n 's/^ending //p' "$log")
  took=$((ended - ${asked:-$ended})) # from the wish to end to the end
  if [ "$status" != "$wanted" ] || [ -e "$out/run/hs_err-$i.log" ]; then
    bad=$((bad + 1))
    say "$i: $work, $way after $moment ms: status $status instead of $wanted; $log"
  fi
  printf '%s %s %s %s %s\n' "$i" "$work" "$way" "$status" "$took" >>"$out/run/all.txt"
done
sort -n -k 5 "$out/run/all.txt" | tail -n 3 >&2
echo "$count ends, $bad bad ones"
[ "$bad" = 0 ]
