"""Memory and start of the 7B model in int4 as a Markdown table; fails if a bar is missed.

Arguments: report of ci/peak.py for `lumina quantize`, JSON of lumina_bench (memory), file for the
table as JSON.
"""
import json
import sys
from pathlib import Path

import bars

quantize = json.loads(Path(sys.argv[1]).read_text())
report = json.loads(Path(sys.argv[2]).read_text())
runs = {run["name"].split("/")[1]: run for run in report["benchmarks"]}


def gigabytes(name):
    return runs[name]["resident_bytes"] / 1e9


print(f"7B shape, 32 layers, int4 in groups of 128, image tokenizer 270M in fp32; two rows (guidance). "
      f"A step behind a whole picture of 768x768 takes {runs['int8_large']['step_seconds']:.2f} s with "
      f"the 8-bit cache.\n")
sys.exit(1 if bars.show([
    ("start from a packed file in the page cache, s", runs["int8_small"]["load_seconds"], 3.0, True),
    ("resident while 256x256 is drawn, 8-bit cache, GB", gigabytes("int8_small"), 5.8, True),
    ("resident while 768x768 is drawn, 8-bit cache, GB", gigabytes("int8_large"), 10.5, True),
    ("the same with a cache in bf16, GB", gigabytes("bf16_large"), 15.5, True),
    ("largest resident size of `lumina quantize` from bf16, GB", quantize["peak_bytes"] / 1e9, 6.5,
     True),
], sys.argv[3]) else 0)
