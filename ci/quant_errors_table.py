"""Errors that the test QuantError recorded (a report of GoogleTest in JSON) as a Markdown table."""
import json
import sys
from pathlib import Path

PRODUCTS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "lm_head"]

report = json.loads(Path(sys.argv[1]).read_text())
tests = [test for suite in report["testsuites"] for test in suite["testsuite"]]
print("Relative error in percent; uniform weights, the worst for few bits.\n")
print("| format | inputs | " + " | ".join(PRODUCTS) + " |")
print("|---|---|" + "---|" * len(PRODUCTS))
for test in tests:
    name, inputs = test["name"].split("/")[1].rsplit("_", 1)
    cells = [f"{100 * float(test[product]):.2f}" for product in PRODUCTS]
    print(f"| {name.replace('_', ':')} | {'8 bits' if inputs == 'rounded' else 'exact'} | "
          + " | ".join(cells) + " |")
