#!/usr/bin/env bash
# Sets up, builds, and runs every native and Java test, then tries the packaged jars from a separate
# Maven project. One native test: build/native/native/tests/lumina_tests --gtest_filter=NAME
# One Java test: mvn -pl java test -Dtest=CLASS#method
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

"$root/ci/setup.sh" tests
"$root/ci/build.sh" native
say "native tests"
"$build/native/native/tests/lumina_tests" --gtest_brief=1
say "Java tests"
(cd "$root" && maven install -Dlumina.native.dir="$build/native/native")
say "packaging"
"$root/ci/consumer.sh"
say "all tests passed"
