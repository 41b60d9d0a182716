"""Reports of `lumina generate --json` with pictures side by side as a Markdown table; fails if a bar is
missed.

Argument: the folder of together-NAME-COUNT.json.
"""
import json
import sys
from pathlib import Path

import bars

ROWS = {  # name of the reports -> what it is, and how many are drawn together by default
    "demo": ("demo model", 8),
    "demo-mc": ("demo model, `--speculate`", 1),
    "7b-int4": ("7B shape, 4 layers, int4", 8),
    "7b-bf16": ("7B shape, 4 layers, bf16", 8),
    "7b-int4-mc": ("7B shape, 4 layers, int4, `--speculate`", 1),
}
COUNTS = (1, 2, 4, 8)
folder = Path(sys.argv[1])


def seconds(name, count):
    """Of prompt and codes, per picture."""
    pictures = json.loads((folder / f"together-{name}-{count}.json").read_text())["pictures"]
    wrong = {picture["stats"]["together"] for picture in pictures} - {count}
    if wrong:
        sys.exit(f"{name}: {wrong} pictures together, not {count}")
    times = [picture["stats"]["prefill_seconds"] + picture["stats"]["decode_seconds"]
             for picture in pictures]
    return sum(times) / len(times)


print("Prompt and codes of a picture in seconds, where so many are drawn together:\n")
print("| together | " + " | ".join(str(count) for count in COUNTS) + " |")
print("|---" * (len(COUNTS) + 1) + "|")
promised = []
for name, (title, default) in ROWS.items():
    times = {count: seconds(name, count) for count in COUNTS}
    cells = [f"{times[1] / times[count]:.2f} x ({times[count]:.3f} s)" for count in COUNTS]
    print(f"| {title} | " + " | ".join(cells) + " |")
    if default > 1:
        promised.append((f"{title}: {default} together, against one by one", times[1] / times[default],
                         1.0, False))
print()
sys.exit(1 if bars.show(promised, folder / "together-bars.json") else 0)
