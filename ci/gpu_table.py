"""A report of lumina_gpu_bench as Markdown tables with the bars of an H200; fails if one is missed.

Argument: gpu.json. Pictures are 768x768: 9,312 codes and line ends.
"""
import json
import sys
from pathlib import Path

import bars

TOKENS = 9312
ACCEPTED = 2.2  # codes a pass that the bar of speculation counts with
report = json.loads(Path(sys.argv[1]).read_text())
copy = report["ceilings"]["copy_bytes_per_second"]
print(f"{report['device']}: copies {copy / 1e9:.0f} GB/s, multiplies "
      f"{report['ceilings']['bf16_flops'] / 1e12:.0f} TFLOP/s in bf16.\n")
print("| weights, cache | load | " + " | ".join(
    f"step at {step['places']:,}" if step["window"] == 1 else f"{step['window']} tokens at {step['places']:,}"
    for step in report["models"][0]["steps"]) + " | GPU memory |")
print("|---" * (len(report["models"][0]["steps"]) + 3) + "|")
for model in report["models"]:
    cells = [f"{model['format']}, {model['cache']}", f"{model['load_seconds']:.1f} s"]
    for step in model["steps"]:
        share = step.get("bytes", 0) / (step["milliseconds"] / 1e3) / copy
        cells.append(f"{step['milliseconds']:.2f} ms" + (f" ({share:.0%})" if "bytes" in step else "")
                     + f", eager {step['eager_milliseconds']:.2f}")
    print("| " + " | ".join(cells) + f" | {model['memory_bytes'] / 1e9:.1f} GB |")
print()


def sequential_seconds(model):
    """Of a picture: steps are as long in between as between the places that were measured."""
    steps = [(step["places"], step["milliseconds"]) for step in model["steps"] if step["window"] == 1]
    points = [(0, steps[0][1]), *steps, (TOKENS, steps[-1][1])]
    return sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(points, points[1:])) / 1e3


bf16, int4, rounded = report["models"]
middle = next(step for step in int4["steps"] if step["places"] == 4656 and step["window"] == 1)
window = next(step for step in int4["steps"] if step["window"] == 16)
sequential, gum = report["pictures"]
promised = [
    ("bf16, sequential: s per picture", sequential_seconds(bf16), 75, True),
    ("int4, sequential: s per picture", sequential["seconds"], 50, True),
    (f"int4, windows of 16, {ACCEPTED} codes a pass: s per picture",
     TOKENS / ACCEPTED * window["milliseconds"] / 1e3, 25, True),
    ("int4: GB of GPU memory", int4["memory_bytes"] / 1e9, 18, True),
    ("int4 step at 4,656 tokens: share of the copy rate",
     middle["bytes"] / (middle["milliseconds"] / 1e3) / copy, 0.45, False),
    ("prompt, to the first token: s", sequential["prefill_seconds"], 0.3, True),
    ("steps one by one, in graphs", middle["eager_milliseconds"] / middle["milliseconds"], 2, False),
]
missed = bars.show(promised, Path(sys.argv[1]).with_name("gpu-bars.json"))
print(f"\nEvery guess accepted, {gum['passes']} passes of {gum['window']}: {gum['seconds']:.1f} s.")
sys.exit(1 if missed else 0)
