#!/usr/bin/env bash
# Formatting and static checks of every language here. Needs ci/setup.sh; clang-tidy also needs the
# configured build (compile_commands.json), and configures it if it is not there.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

say "C++ formatting"
git ls-files '*.cc' '*.h' '*.cu' | xargs clang-format --dry-run -Werror

say "Java formatting"
maven spotless:check

say "shell scripts"
git ls-files '*.sh' lumina .ci/run | xargs shellcheck -x -P ci

say "references"
"$root/ci/check_references.py"
grep -qF "libtorch-$pytorch_version\"" CMakePresets.json || die "CMakePresets.json names another libtorch than pom.xml"

say "borders"
# forbid WHERE PATTERN REASON
forbid() {
  local found
  # shellcheck disable=SC2086  # a list of paths
  found=$(git grep -nE "$2" -- $1 || true)
  [ -z "$found" ] || die "$3:
$found"
}
forbid 'native/include' '#include <(ATen|c10|torch)/' 'a Torch header in the public headers'
forbid 'java/src/main ci/consumer cli/src/main server/src/main integrations demo/world/src/main :!java/src/main/java/io/github/lumina4j/internal :!java/src/main/java/io/github/lumina4j/presets' \
  'import org\.bytedeco' 'JavaCPP outside .internal and .presets'
forbid 'java/src/main server/src/main integrations demo/world/src/main' 'System\.(out|err)' 'printing outside the command line'
forbid 'server/src/main' 'import java\.(nio\.file|io\.File)' 'the server touches files'
forbid 'server/src/main integrations' 'import io\.github\.lumina4j\.(internal|cli)' 'the server or an integration uses more than the public API'
forbid 'native/src native/kernels' 'std::(cout|cerr)|\bprintf\(|\babort\(|std::exit|\bassert\(' 'the engine prints or aborts'
forbid 'native/src/checkpoint native/src/sampling native/src/recipe' '#include <(ATen|c10|torch)/' 'Torch where none is needed'
forbid 'native/src/sampling' '#include "(model|decoding|vision|api)/' 'sampling looks up'
forbid 'native/src/model' '#include "(sampling|decoding|vision|api)/' 'the model looks up or aside'
forbid 'native/src/vision' '#include "(model|sampling|decoding|api)/' 'vision looks up or aside'
forbid 'native/src/training' '#include "(decoding|api)/' 'training looks up or aside'

say "CUDA"
"$root/ci/cuda.sh"

say "clang-tidy"
[ -e "$build/native/compile_commands.json" ] || "$root/ci/build.sh" native
git ls-files 'native/src/checkpoint/*.cc' 'native/src/recipe/*.cc' 'native/src/sampling/*.cc' |
  xargs -P "$jobs" -n 4 clang-tidy --quiet -p "$build/native" --warnings-as-errors='*' 2>/dev/null
say "checks passed"
