"""results.json of `lumina evaluate` as Markdown tables; fails if a bar of the demo model is missed."""
import json
import sys
from pathlib import Path

GENEVAL = ["single_object", "two_object", "counting", "colors", "position", "color_attr"]

report = json.loads(Path(sys.argv[1]).read_text())
groups = {group["group"]: group for group in report["groups"]}

print("| group | answers | passed | change made | score | s per picture |\n|---|---|---|---|---|---|")
for name, group in groups.items():
    score = "" if group.get("score") is None else f"{group['score']:.2f} {group['measure']}"
    made = "" if group.get("made") is None else f"{group['made']:.3f}"
    print(f"| {name} | {group['answers']} | {group['passed']:.3f} | {made} | {score} | "
          f"{group['seconds_per_picture']:.2f} |")
print("\n| reconstruction | pictures | dB |\n|---|---|---|")
for score in report["reconstruction"]:
    print(f"| {score['kind']} | {score['pictures']} | {score['mean_db']:.2f} |")
print()

bars = []  # what, value, bar, whether smaller is better


def bar(what, value, limit, smaller=False):
    bars.append((what, value, limit, smaller))


if report.get("overall") is not None:
    bar("overall, mean of GenEval's six categories", report["overall"], 0.80)
for name in GENEVAL:
    if name in groups:
        bar(name, groups[name]["passed"], 0.60)
for name, group in groups.items():
    if group.get("measure") == "edge_f1":
        bar(f"{name}: edge F1", group["score"], 0.7)
if "edit" in groups:
    bar("edit: change made", groups["edit"]["made"], 0.7)
    bar("edit: rest kept, dB", groups["edit"]["score"], 25)
for score in report["reconstruction"]:
    if score["kind"] == "scenes":
        bar("reconstruction of scenes, dB", score["mean_db"], 31)
if groups:
    bar("seconds per picture, slowest group",
        max(group["seconds_per_picture"] for group in groups.values()), 5, smaller=True)

print("| bar | value | wanted | |\n|---|---|---|---|")
missed = 0
for what, value, limit, smaller in bars:
    met = value is not None and (value <= limit if smaller else value >= limit)
    missed += not met
    shown = "-" if value is None else f"{value:.3f}"
    print(f"| {what} | {shown} | {'at most' if smaller else 'at least'} {limit} | "
          f"{'met' if met else 'MISSED'} |")
sys.exit(1 if missed else 0)
