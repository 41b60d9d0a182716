"""Memory and start of the 7B model in int4 as a Markdown table; fails if a bar is missed.

Arguments: report of ci/peak.py for `lumina quantize`, JSON of lumina_bench (memory and layer), file for the
table as JSON.
"""
import json
import sys
from pathlib import Path

import bars

LAYERS = 32
quantize = json.loads(Path(sys.argv[1]).read_text())
report = json.loads(Path(sys.argv[2]).read_text())
runs = {run["name"].split("/")[1]: run for run in report["benchmarks"] if "/" in run["name"]}
layer = next(run for run in report["benchmarks"] if run["name"].startswith("layer"))
step = runs["int8_small"]["short_step_seconds"]
aten_step = step + LAYERS * (layer["ms_of_aten"] - layer["ms"]) / 1e3


def gigabytes(name):
    return runs[name]["resident_bytes"] / 1e9


print(f"7B shape, 32 layers, int4 in groups of 128, image tokenizer 270M in fp32; two rows (guidance). "
      f"A step takes {step:.2f} s at 64 tokens, and {runs['int8_large']['step_seconds']:.2f} s behind a "
      f"whole picture of 768x768 with the 8-bit cache.\n")
sys.exit(1 if bars.show([
    ("step at 64 tokens with libtorch's int4 product, in steps", aten_step / step, 1.8, False),
    ("start from a packed file in the page cache, s", runs["int8_small"]["load_seconds"], 3.0, True),
    ("resident while 256x256 is drawn, 8-bit cache, GB", gigabytes("int8_small"), 5.8, True),
    ("resident while 768x768 is drawn, 8-bit cache, GB", gigabytes("int8_large"), 10.5, True),
    ("the same with a cache in bf16, GB", gigabytes("bf16_large"), 15.5, True),
    ("largest resident size of `lumina quantize` from bf16, GB", quantize["peak_bytes"] / 1e9, 6.5,
     True),
], sys.argv[3]) else 0)
