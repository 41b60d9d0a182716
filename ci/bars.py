"""Bars: what was measured, and what was promised."""
import json
from pathlib import Path


def show(bars, file=None):
    """Prints a Markdown table of (what, value, limit, whether smaller is better), leaves it as JSON in
    `file`, and tells how many bars are missed."""
    print("| what | value | bar | |\n|---|---|---|---|")
    rows = []
    for what, value, limit, smaller in bars:
        met = value is not None and (value <= limit if smaller else value >= limit)
        rows.append({"what": what, "value": value, "bar": limit, "at_most": smaller, "met": met})
        shown = "-" if value is None else f"{value:.2f}"
        print(f"| {what} | {shown} | {'at most' if smaller else 'at least'} {limit:g} | "
              f"{'met' if met else 'MISSED'} |")
    if file is not None:
        Path(file).write_text(json.dumps(rows, indent=1) + "\n")
    return sum(not row["met"] for row in rows)
