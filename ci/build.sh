#!/usr/bin/env bash
# Builds the engine with CMake (build/native) and the Java modules of the program with Maven; then
# writes build/classpath, which ./lumina starts from.
#   ci/build.sh [native|library|java]...     default: native java
# native: the engine with its tests, benches and tools; library: what Java loads, and nothing else.
# With LUMINA_EXTENSION=-gpu the engine alone, for CUDA, in build-gpu; ci/gpu.sh builds the tests.
# LUMINA_CMAKE_ARGS: further arguments for CMake; LUMINA_BUILD: another folder for all of it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# configure PARTS: ON or OFF for tests, benches and tools. OFF leaves them if they are there.
configure() {
  local launcher=() parts=() cuda=()
  if command -v ccache >/dev/null; then
    export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1  # so that another checkout shares the cache
    launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  if [ "$1" = ON ] || [ ! -e "$build/native/CMakeCache.txt" ]; then
    parts=(-DLUMINA_TESTS="$1" -DLUMINA_BENCH="$1" -DLUMINA_TOOLS="$1")
  fi
  if [ -n "$extension" ]; then
    "$root/ci/setup.sh" cuda
    parts=(-DLUMINA_TESTS=OFF -DLUMINA_BENCH=OFF -DLUMINA_TOOLS=OFF)
    cuda=(-DLUMINA_CUDA=ON -DCMAKE_CUDA_COMPILER="$(find_nvcc)" -DCMAKE_CUDA_FLAGS="$(nvcc_flags)")
  fi
  # shellcheck disable=SC2086  # a list of arguments
  cmake -S "$root" -B "$build/native" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_PREFIX_PATH="$libtorch" "${launcher[@]}" \
    ${parts[@]+"${parts[@]}"} "${cuda[@]}" ${LUMINA_CMAKE_ARGS:-} >"$build/cmake.log" 2>&1 ||
    { cat "$build/cmake.log" >&2; die "cmake failed"; }
}

# compile [TARGET]...: shows how far it is: on one line of a terminal, else in a line a minute.
compile() {
  local ninja=(ninja -C "$build/native" -j "$jobs" "$@")
  export NINJA_STATUS='[%f/%t] '
  if [ -t 1 ]; then
    "${ninja[@]}"
  else
    "${ninja[@]}" | {
      told=$SECONDS
      while IFS= read -r line; do
        case $line in
          "["*/*"] "*) [ $((SECONDS - told)) -ge 60 ] || continue ;;
          "ninja: "*) continue ;;
        esac
        told=$SECONDS
        say "$line"
      done
    }
  fi
}

build_native() {
  configure ON
  compile
}

build_library() {
  configure OFF
  compile lumina
}

build_java() {
  # The program and what it needs: integrations bring frameworks that it does not.
  (cd "$root" && maven install -pl cli -am -Dmaven.test.skip=true -Dlumina.native.dir="$build/native/native" \
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
