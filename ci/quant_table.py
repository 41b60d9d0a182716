"""Products and decode steps with 4-bit weights as a Markdown table; fails if a bar is missed.

Arguments: JSON of lumina_bench (bars), and reports of `lumina bench --json` of the same
model in bf16 and in int4, and a file for the table as JSON.
"""
import json
import sys
from pathlib import Path

import bars

products, plain, packed = (json.loads(Path(name).read_text()) for name in sys.argv[1:4])
layers = int(Path(sys.argv[3]).stem.split("-")[1])
runs = {run["name"].split("/iterations")[0]: run for run in products["benchmarks"]}
product = runs["bars/int4"]
short, long = packed["steps"]

promised = [  # what, value, bar, whether smaller is better
    ("product 11008x4096, 2 rows: share of read bandwidth", product["share_of_bandwidth"], 0.85, False),
    ("32 rows, in products of 2 rows", product["times_2"], 6.0, True),
    ("32 rows: GOP/s", product["ops_of_32"] / 1e9, 350.0, False),
    (f"step at {short['cache_length']} tokens, over bytes / bandwidth",
     1 / short["bandwidth_share"], 1.35, True),
    (f"step at {long['cache_length']:,} tokens, 8-bit cache, over bytes / bandwidth",
     1 / long["bandwidth_share"], 1.6, True),
    ("step with bf16 weights, in steps", plain["steps"][0]["milliseconds"] / short["milliseconds"],
     3.0, False),
]
print(f"{packed['machine']}, {packed['threads']} threads, {packed['read_bandwidth'] / 1e9:.1f} GB/s; 7B "
      f"shape, {layers} layers, int4 in groups of 128, two rows (guidance); a step takes "
      f"{short['milliseconds']:.0f} ms at {short['cache_length']} tokens and {long['milliseconds']:.0f} ms "
      f"at {long['cache_length']:,}.\n")
sys.exit(1 if bars.show(promised, sys.argv[4]) else 0)
