#!/usr/bin/env bash
# Compiles everything that needs nvcc, for every architecture, without linking: no GPU and no libtorch
# with CUDA is needed. Does nothing where there is no nvcc (ci/setup.sh cuda fetches one).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

nvcc=$(find_nvcc)
if [ -z "$nvcc" ]; then
  say "no nvcc: CUDA is not compiled"
  exit
fi
cmake -S "$root" -B "$build/cuda" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLUMINA_CUDA=ON \
  -DLUMINA_TESTS=OFF -DLUMINA_BENCH=OFF -DLUMINA_TOOLS=OFF -DLUMINA_PCH=OFF \
  -DCMAKE_CUDA_COMPILER="$nvcc" -DCMAKE_CUDA_FLAGS="$(nvcc_flags)" -DCMAKE_PREFIX_PATH="$libtorch" \
  >"$build/cuda.log" 2>&1 || { cat "$build/cuda.log" >&2; die "cmake failed"; }
ninja -C "$build/cuda" -j "$jobs" --quiet lumina_cuda
