#!/usr/bin/env bash
# Installs what the build needs and is missing: Debian packages, and libtorch (libraries from the
# JavaCPP jars, headers of the same version from the Python package) in a cache outside the tree.
# Safe to run again; does nothing when all is there. Asks before it installs Debian packages if there
# is a terminal to ask, unless LUMINA_YES=1 or CI is set.
#   ci/setup.sh [tests] [cuda]     tests: also what ci/build.sh native, ci/test.sh and ci/check.sh need
#                                  (GoogleTest, clang-tidy, a browser, shells); cuda: also nvcc, to
#                                  compile what runs on a GPU
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# command (or header) that proves a package is there : Debian package
wanted=(
  g++:g++ cmake:cmake ninja:ninja-build mvn:maven python3:python3 pip3:python3-pip unzip:unzip
  ccache:ccache /usr/include/nlohmann/json.hpp:nlohmann-json3-dev
)
[[ " $* " != *" tests "* ]] || wanted+=(
  /usr/include/gtest/gtest.h:libgtest-dev /usr/include/benchmark/benchmark.h:libbenchmark-dev
  clang-format:clang-format clang-tidy:clang-tidy shellcheck:shellcheck
  chromium:chromium chromedriver:chromium-driver zsh:zsh fish:fish
)
missing=()
for entry in "${wanted[@]}"; do
  proof=${entry%%:*} package=${entry##*:}
  case $proof in
    /*) [ -e "$proof" ] || missing+=("$package") ;;
    *) command -v "$proof" >/dev/null || missing+=("$package") ;;
  esac
done
command -v javac >/dev/null || missing+=(openjdk-17-jdk-headless)
if [ ${#missing[@]} -gt 0 ]; then
  install="apt-get install --no-install-recommends ${missing[*]}"
  command -v apt-get >/dev/null ||
    die "the build needs what Debian calls ${missing[*]}: install it with your system's package manager"
  [ "$(id -u)" = 0 ] || die "the build needs Debian packages that are not installed: sudo $install"
  if [ -t 0 ] && [ -t 2 ] && [ -z "${LUMINA_YES:-}${CI:-}" ]; then
    read -rp "The build needs Debian packages that are not installed: ${missing[*]}
Install them now? [Y/n] " answer
    case ${answer,,} in
      "" | y | yes) ;;
      *) die "nothing was installed; to do it yourself: $install" ;;
    esac
  else
    say "installing Debian packages: ${missing[*]}"
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# libtorch: $libtorch/{include,lib}. Assembled beside and moved into place.
if [ -z "${LUMINA_LIBTORCH:-}" ] && [ ! -e "$libtorch/complete" ]; then
  say "fetching libtorch $pytorch_version into $libtorch"
  # The headers of the package for another processor are the same but for a few configuration macros
  # that the engine does not use, and the download is a sixth of the size (it carries no CUDA).
  wheel_sha256=5fd4117d89ffd47e3dcc71e71a22efac24828ad781c7e46aaaf56bf7f2796acf
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/libtorch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  pip3 download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --platform manylinux_2_28_aarch64 --python-version 3.12 --implementation cp --abi cp312 \
    --dest "$work/wheel" "torch==$torch_version"
  wheel=$(echo "$work"/wheel/torch-*.whl)
  echo "$wheel_sha256  $wheel" | sha256sum --check --quiet ||
    die "$wheel: not the file expected for torch $torch_version"
  unzip -q "$wheel" 'torch/include/*' -d "$work/unpacked"
  mkdir -p "$work/prefix/lib"
  mv "$work/unpacked/torch/include" "$work/prefix/include"
  for artifact in "pytorch:$pytorch_version:jar:linux-x86_64$extension" \
    "openblas:$openblas_version:jar:linux-x86_64"; do
    (cd "$work" && maven org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      -Dartifact="org.bytedeco:$artifact" -DoutputDirectory="$work/jars")
  done
  for jar in "$work"/jars/*.jar; do
    unzip -qjo "$jar" 'org/bytedeco/*/linux-x86_64*/lib*.so*' -x '*libjni*' -d "$work/prefix/lib"
  done
  touch "$work/prefix/complete"
  rm -rf "$libtorch" && mv "$work/prefix" "$libtorch"
  rm -rf "$work"  # the next part has a folder of its own
fi

# nvcc as Python packages carry it, unless there is one. The same care as above.
if [[ " $* " == *" cuda "* ]] && [ -z "$(find_nvcc)" ]; then
  say "fetching nvcc $nvcc_version into $cuda_toolkit"
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/cuda.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  pip3 download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 --platform manylinux2010_x86_64 \
    --platform manylinux_2_12_x86_64 --python-version 3.12 --dest "$work/wheels" \
    "nvidia-cuda-nvcc==$nvcc_version" "nvidia-cuda-crt==$nvcc_version" "nvidia-nvvm==$nvcc_version" \
    "nvidia-cuda-runtime==$nvcc_version" "nvidia-cuda-cccl==$cccl_version"
  for wheel in "$work"/wheels/*.whl; do unzip -qo "$wheel" 'nvidia/*' -d "$work/unpacked"; done
  mv "$work/unpacked/nvidia/cu13" "$work/toolkit"
  chmod +x "$work"/toolkit/bin/* "$work"/toolkit/nvvm/bin/*
  ln -s libcudart.so.13 "$work/toolkit/lib/libcudart.so"
  rm -rf "$cuda_toolkit" && mv "$work/toolkit" "$cuda_toolkit"
fi
