"""Evaluations by mode and window, as ci/speculation.sh leaves them in a folder, as a Markdown table;
fails if a bar is missed."""
import json
import math
import sys
from pathlib import Path

ORDER = ["sequential", "mc-8", "mc-16", "mc-32", "gum-8", "gum-16", "gum-32", "sjd-8", "sjd-16", "sjd-32",
         "ref-16", "mc-lambda-16"]
WORDS = ["single_object", "two_object", "counting", "colors", "position", "color_attr"]
EXACT = ["mc-16", "sjd-16"]  # asked as many questions as sequential


class Run:
    def __init__(self, path):
        report = json.loads(path.read_text())
        self.passed = {group["group"]: (group["passed"], group["answers"]) for group in report["groups"]}
        self.overall = report["overall"]
        groups = [group for group in report["groups"] if group["group"] in WORDS]
        shares = [self.passed[group["group"]] for group in groups]
        self.error = math.sqrt(sum(p * (1 - p) / n for p, n in shares)) / len(groups)
        answers = sum(group["answers"] for group in groups)
        self.answers = answers
        self.codes = sum(group["codes_per_pass"] * group["answers"] for group in groups) / answers
        self.seconds = sum(group["seconds_per_picture"] * group["answers"] for group in groups) / answers


runs = {name: Run(Path(sys.argv[1]) / f"{name}.json") for name in ORDER}
base = runs["sequential"]
print("| mode, window | pictures | codes per pass | s per picture | faster | overall |")
print("|---|---|---|---|---|---|")
for name, run in runs.items():
    mode, _, window = name.rpartition("-")
    print(f"| {f'{mode}, {window}' if mode else name} | {run.answers} | {run.codes:.2f} | {run.seconds:.2f} | "
          f"{base.seconds / run.seconds:.2f} | {run.overall:.3f} ± {run.error:.3f} |")
print()

bars = []  # what, value, wanted, met


def bar(what, value, wanted, met):
    bars.append((what, f"{value:.2f}", wanted, met))


best = max((runs["mc-16"], runs["mc-32"]), key=lambda run: run.codes)
published = max(runs[f"mc-{window}"].codes / runs[f"sjd-{window}"].codes for window in (16, 32))
fastest = min((f"mc-{window}" for window in (8, 16, 32)), key=lambda name: runs[name].seconds)
faster = base.seconds / runs[fastest].seconds
bar("mc at window 16 or 32, codes per pass", best.codes, "at least 2.5", best.codes >= 2.5)
bar("mc over sjd at the same of these windows, codes per pass", published, "at least 1.3", published >= 1.3)
bar(f"time per picture, sequential / {fastest}", faster, "at least 1.6", faster >= 1.6)
for name in EXACT:
    run = runs[name]
    error = math.hypot(run.error, base.error)
    away = abs(run.overall - base.overall) / error if error else 0.0
    bar(f"{name} overall against sequential, standard errors away", away, "at most 3", away <= 3)
    for group, (share, count) in run.passed.items():
        other, others = base.passed[group]
        pooled = (share * count + other * others) / (count + others)
        error = math.sqrt(pooled * (1 - pooled) * (1 / count + 1 / others))
        away = abs(share - other) / error if error else 0.0
        bar(f"{name} {group}, the same", away, "at most 3.5", away <= 3.5)

print("| bar | value | wanted | |\n|---|---|---|---|")
for what, value, wanted, met in bars:
    print(f"| {what} | {value} | {wanted} | {'met' if met else 'MISSED'} |")
sys.exit(0 if all(met for *_, met in bars) else 1)
