#!/usr/bin/env bash
# Builds the engine with CMake (build/native) and the Java modules of the program with Maven; then
# writes build/classpath, which ./lumina starts from.
#   ci/build.sh [native|java]...     default: both
# With LUMINA_EXTENSION=-gpu the engine alone, for CUDA, in build-gpu; ci/gpu.sh builds the tests.
# LUMINA_CMAKE_ARGS: further arguments for CMake; LUMINA_BUILD: another folder for all of it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

build_native() {
  local launcher=()
  if command -v ccache >/dev/null; then
    export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1  # so that another checkout shares the cache
    launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  local cuda=()
  if [ -n "$extension" ]; then
    "$root/ci/setup.sh" cuda
    cuda=(-DLUMINA_CUDA=ON -DLUMINA_TESTS=OFF -DLUMINA_BENCH=OFF -DLUMINA_TOOLS=OFF
      -DCMAKE_CUDA_COMPILER="$(find_nvcc)" -DCMAKE_CUDA_FLAGS="$(nvcc_flags)")
  fi
  # shellcheck disable=SC2086  # a list of arguments
  cmake -S "$root" -B "$build/native" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_PREFIX_PATH="$libtorch" "${launcher[@]}" "${cuda[@]}" \
    ${LUMINA_CMAKE_ARGS:-} >"$build/cmake.log" 2>&1 ||
    { cat "$build/cmake.log" >&2; die "cmake failed"; }
  ninja -C "$build/native" -j "$jobs" --quiet
}

build_java() {
  # The program and what it needs: integrations bring frameworks that it does not.
  (cd "$root" && maven install -pl cli -am -DskipTests -Dlumina.native.dir="$build/native/native" \
    ${extension:+-Dlumina.extension="$extension"})
  # The natives as a folder: JavaCPP would keep an older copy of a jar of the same size and date.
  local version
  version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$root/pom.xml" | head -n 1)
  printf '%s:%s:%s:%s:%s:%s:%s\n' "$root/cli/target/lumina4j-cli-$version.jar" \
    "$root/java/target/lumina4j-$version.jar" \
    "$root/server/target/lumina4j-server-$version.jar" \
    "$root/demo/world/target/lumina4j-demo-world-$version.jar" \
    "$root/demo/model/target/lumina4j-demo-model-$version.jar" \
    "$(<"$root/cli/target/classpath")" "$root/java/target/native$extension" >"$build/classpath.new"
  archive_classes "$(<"$build/classpath.new")"
  mv "$build/classpath.new" "$build/classpath"
}

# The classes of a few commands, parsed and verified, as a file that ./lumina maps (JEP 350): it
# starts in half the time. Without it, or with another Java, everything works as before.
#   archive_classes CLASSPATH    whose last entry, a folder, has no place in an archive
archive_classes() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java jars=${1%:*} folder=$build/classes arguments
  rm -rf "$folder" "$build/classes.jsa"
  mkdir -p "$folder"
  for arguments in --help "generate --help" "generate circle --size 64x64 --seed 1 --quiet -o $folder/x.png"; do
    # shellcheck disable=SC2086  # words
    LUMINA_CACHE=$folder/cache "$java" -Xshare:off -XX:DumpLoadedClassList="$folder/list" \
      -Djava.awt.headless=true -cp "$1" io.github.lumina4j.cli.LuminaCommand $arguments \
      >"$folder/log" 2>&1 || return 0
    # What JDK 17 writes of lambdas can make its own dump crash (seen with 17.0.15).
    grep -v '^@lambda-' "$folder/list" >>"$folder/classes"
  done
  sort -u "$folder/classes" -o "$folder/classes"
  if "$java" -Xshare:dump -XX:SharedClassListFile="$folder/classes" \
    -XX:SharedArchiveFile="$folder/classes.jsa" -cp "$jars" >"$folder/log" 2>&1; then
    mv "$folder/classes.jsa" "$build/classes.jsa"
  fi
  rm -rf "$folder"
}

mkdir -p "$build"
[ $# -gt 0 ] || set -- native java
for part in "$@"; do "build_$part"; done
