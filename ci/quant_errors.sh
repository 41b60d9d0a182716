#!/usr/bin/env bash
# Relative error of each product of the model by format, on recipe weights: a Markdown table. Needs the
# native tests, which hold these errors to their bounds.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

report=$build/quant-errors.json
"$build/native/native/tests/lumina_tests" --gtest_brief=1 --gtest_filter='*QuantError*' \
  --gtest_output="json:$report" >&2
python3 "$root/ci/quant_errors_table.py" "$report"
