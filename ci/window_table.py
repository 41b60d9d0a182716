"""A report of `lumina bench --json` with windows as a Markdown table; fails if the bar is missed."""
import json
import sys
from pathlib import Path

WINDOW, BAR = 16, 6.0
report = json.loads(Path(sys.argv[1]).read_text())

print(f"{report['machine']}, {report['threads']} threads, {report['dtype']} weights, two rows (guidance): "
      "milliseconds, and how many decode steps take as long. Speculation pays from as many codes per "
      "pass on.\n")
windows = [entry["window"] for entry in report["steps"][0]["windows"]]
print("| tokens in the cache | step | " + " | ".join(f"window {n}" for n in windows) + " |")
print("|---" * (len(windows) + 2) + "|")
worst = 0.0
for step in report["steps"]:
    cells = [f"{step['cache_length']:,}", f"{step['milliseconds']:.0f}"]
    for entry in step["windows"]:
        cells.append(f"{entry['milliseconds']:.0f} ({entry['steps']:.2f} steps)")
        if entry["window"] == WINDOW:
            worst = max(worst, entry["steps"])
    print("| " + " | ".join(cells) + " |")
if worst > BAR:
    sys.exit(f"a window of {WINDOW} takes {worst:.2f} steps, more than {BAR:.0f}")
