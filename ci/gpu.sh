#!/usr/bin/env bash
# What a GPU has to show: builds with CUDA, runs all native tests and those of the GPU, then the
# benches, and leaves gpu.json and gpu.md in a folder. For a bare machine with a GPU, nvcc, CMake and
# a Python with torch, without a network; ten minutes.
#   ci/gpu.sh kit                 on another machine, before: what a bare one lacks, into build/gpu-kit,
#                                 which travels with the checkout
#   ci/gpu.sh [PART]... [-o FOLDER]     parts: build test bench check; default: build test bench
#     check     the GPU's tests again, under compute-sanitizer: memcheck and racecheck
# LUMINA_LIBTORCH: another libtorch with CUDA. LUMINA_LAYERS: of the model that is measured [32].
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

kit=$build/gpu-kit
tree=$build/gpu
out=$build/gpu-report

make_kit() {
  local prefix=$kit/prefix
  "$root/ci/setup.sh"
  [ -d /usr/src/googletest ] || die "the sources of GoogleTest are missing: Debian's package googletest"
  rm -rf "$kit"
  mkdir -p "$prefix/include" "$prefix/share/cmake"
  cp -r /usr/include/nlohmann "$prefix/include"
  cp -r /usr/share/cmake/nlohmann_json "$prefix/share/cmake"
  cp -r /usr/src/googletest "$kit/googletest"
  say "$kit: $(du -sh "$kit" | cut -f 1)"
}

# The folder of the torch of this machine's Python.
python_torch() {
  python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))' ||
    die "no libtorch with CUDA: set LUMINA_LIBTORCH, or install torch for python3"
}

part_build() {
  local nvcc
  nvcc=$(find_nvcc)
  [ -n "$nvcc" ] || die "nvcc is missing"
  local torch prefixes arguments=()
  torch=${LUMINA_LIBTORCH:-$(python_torch)}
  prefixes=$torch
  if [ -d "$kit" ]; then
    cmake -S "$kit/googletest" -B "$tree/googletest" -DCMAKE_BUILD_TYPE=Release \
      -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_GMOCK=OFF \
      -DCMAKE_INSTALL_PREFIX="$kit/prefix" >"$tree.log" 2>&1 || { cat "$tree.log" >&2; die "cmake failed"; }
    cmake --build "$tree/googletest" -j "$jobs" --target install >"$tree.log" 2>&1 ||
      { tail -n 40 "$tree.log" >&2; die "GoogleTest failed to build"; }
    prefixes="$torch;$kit/prefix"
  fi
  # CUDA's runtime: beside a torch of Python packages, or in the toolkit.
  local runtimes
  runtimes=$(printf '%s;' "$torch"/../nvidia/cu*/lib "$(dirname "$nvcc")"/../lib{64,})
  command -v ninja >/dev/null && arguments+=(-G Ninja)
  cmake -S "$root" -B "$tree/native" "${arguments[@]}" -DCMAKE_BUILD_TYPE=Release -DLUMINA_CUDA=ON \
    -DLUMINA_BENCH=OFF -DLUMINA_TOOLS=OFF -DCMAKE_PREFIX_PATH="$prefixes" -DCMAKE_BUILD_RPATH="$runtimes" \
    -DCMAKE_CUDA_COMPILER="$nvcc" -DCMAKE_CUDA_FLAGS="$(nvcc_flags)" \
    -DCMAKE_CUDA_ARCHITECTURES="${LUMINA_CUDA_ARCHITECTURES:-native}" >"$tree.log" 2>&1 ||
    { cat "$tree.log" >&2; die "cmake failed"; }
  cmake --build "$tree/native" -j "$jobs" --target lumina_tests --target lumina_gpu_bench >"$tree.log" 2>&1 ||
    { grep -m 20 -B 2 -A 8 -E 'error|undefined reference' "$tree.log" >&2; die "the build failed"; }
  say "built against $torch"
}

tests() { "$tree/native/native/tests/lumina_tests" --gtest_brief=1 "$@"; }

part_test() {
  tests --gtest_filter='Gpu*' # first: if these fail, the rest tells little
  tests --gtest_filter='-Gpu*'
}

part_bench() {
  nvidia-smi >"$out/nvidia-smi.txt" 2>&1 || true
  "$tree/native/native/lumina_gpu_bench" --layers "${LUMINA_LAYERS:-32}" >"$out/gpu.json"
  python3 "$root/ci/gpu_table.py" "$out/gpu.json" | tee "$out/gpu.md"
}

part_check() {
  local tool
  for tool in memcheck racecheck; do
    compute-sanitizer --tool "$tool" --error-exitcode 1 \
      "$tree/native/native/tests/lumina_tests" --gtest_filter='Gpu.Attention*:Gpu.Noise*'
  done
}

parts=()
while [ $# -gt 0 ]; do
  case $1 in
    kit) make_kit; exit ;;
    -o) out=$2; shift ;;
    build | test | bench | check) parts+=("$1") ;;
    *) die "ci/gpu.sh: unknown part $1; see the head of the script" ;;
  esac
  shift
done
mkdir -p "$out" "$tree"
[ ${#parts[@]} -gt 0 ] || parts=(build test bench)
for part in "${parts[@]}"; do
  say "gpu: $part"
  "part_$part"
done
