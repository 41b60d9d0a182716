#!/usr/bin/env bash
# Installs what the build needs and is missing: Debian packages, and libtorch (libraries from the
# JavaCPP jars, headers of the same version from the Python package) in a cache outside the tree.
# Safe to run again; does nothing when all is there.
#   ci/setup.sh [tests]     tests: also the browser that tests the web page
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# command (or header) that proves a package is there : Debian package
wanted=(
  g++:g++ cmake:cmake ninja:ninja-build mvn:maven python3:python3 pip3:python3-pip unzip:unzip
  ccache:ccache clang-format:clang-format clang-tidy:clang-tidy shellcheck:shellcheck
  /usr/include/gtest/gtest.h:libgtest-dev /usr/include/benchmark/benchmark.h:libbenchmark-dev
  /usr/include/nlohmann/json.hpp:nlohmann-json3-dev
)
[ "${1:-}" != tests ] || wanted+=(chromium:chromium chromedriver:chromium-driver)
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
  say "installing Debian packages: ${missing[*]}"
  [ "$(id -u)" = 0 ] || die "root rights are needed to install: ${missing[*]}"
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
  for artifact in "pytorch:$pytorch_version" "openblas:$openblas_version"; do
    (cd "$work" && maven org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      -Dartifact="org.bytedeco:$artifact:jar:linux-x86_64" -DoutputDirectory="$work/jars")
  done
  for jar in "$work"/jars/*.jar; do
    unzip -qjo "$jar" 'org/bytedeco/*/linux-x86_64/lib*.so*' -x '*libjni*' -d "$work/prefix/lib"
  done
  touch "$work/prefix/complete"
  rm -rf "$libtorch" && mv "$work/prefix" "$libtorch"
fi
