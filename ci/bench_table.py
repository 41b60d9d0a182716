"""Reports of `lumina bench --json` as one Markdown table; fails if the bar on memory is missed."""
import json
import sys
from pathlib import Path

MEMORY_BAR = 1.15
reports = {Path(name).stem: json.loads(Path(name).read_text()) for name in sys.argv[1:]}
first = next(iter(reports.values()))

print(f"{first['machine']}; reads {first['read_bandwidth'] / 1e9:.1f} GB/s with "
      f"{first['threads']} threads; bf16 weights, two rows (guidance).\n")
lengths = [step["cache_length"] for step in first["steps"]]
heads = ["2B shape", "load", f"prompt of {first['prefill']['tokens']}"]
heads += [f"step at {n} tokens (share of bandwidth)" for n in lengths]
heads += ["peak memory", "peak / (weights + cache)"]
print("| " + " | ".join(heads) + " |")
print("|" + "---|" * len(heads))
failed = False
for name, report in reports.items():
    needed = report["weight_bytes"] + report["cache_bytes"]
    if report["pictures"]:
        ratio = "with image tokenizer"
    else:
        value = report["peak_memory_bytes"] / needed
        failed |= value > MEMORY_BAR
        ratio = f"{value:.2f}"
    cells = [name.removeprefix("2b-") + " layers", f"{report['load_seconds']:.1f} s",
             f"{report['prefill']['seconds']:.2f} s"]
    cells += [f"{s['milliseconds']:.0f} ms ({s['bandwidth_share']:.0%})" for s in report["steps"]]
    cells += [f"{report['peak_memory_bytes'] / 1e9:.2f} GB", ratio]
    print("| " + " | ".join(cells) + " |")
for report in reports.values():
    for picture in report["pictures"]:
        side = picture["side"]
        print(f"\nMoVQGAN 270M, {side}x{side}, fp32: encode {picture['encode_seconds']:.1f} s, "
              f"decode {picture['decode_seconds']:.1f} s.")
if failed:
    sys.exit(f"peak memory is above {MEMORY_BAR:.2f} of weights and cache")
