#!/usr/bin/env bash
# Native tests with the address and undefined-behaviour sanitizers, in a build of their own.
#   ci/sanitize.sh [gtest filter]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

"$root/ci/setup.sh"
export LUMINA_CMAKE_ARGS="-DLUMINA_SANITIZE=ON -DLUMINA_BENCH=OFF -DCMAKE_BUILD_TYPE=RelWithDebInfo"
LUMINA_BUILD="$build/sanitize" "$root/ci/build.sh" native
# libtorch allocates once-only tables that it never frees: leaks are looked for in our frames alone.
# A test asks for more memory than any machine has: the allocator answers null, as without sanitizers.
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=$root/ci/leaks.txt:print_suppressions=0
"$build/sanitize/native/native/tests/lumina_tests" --gtest_brief=1 --gtest_filter="${1:-*}"
say "sanitizers: clean"
