"""Decoding of pictures against plain ATen calls as a Markdown table; fails if the bar is missed.

Arguments: JSON of lumina_bench (MovqganBars), file for the table as JSON.
"""
import json
import sys
from pathlib import Path

import bars

run = json.loads(Path(sys.argv[1]).read_text())["benchmarks"][0]
print(f"MoVQGAN 270M in fp32 with {run['threads']:.0f} threads decodes 256x256 in {run['seconds']:.1f} s, "
      f"as plain ATen calls in {run['seconds_of_aten']:.1f} s.\n")
sys.exit(1 if bars.show([
    ("decoding 256x256 by plain ATen calls, in decodings", run["seconds_of_aten"] / run["seconds"],
     1.3, False),
], sys.argv[2]) else 0)
