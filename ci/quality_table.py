"""Evaluations by format, as ci/quality.sh leaves them in a folder, as Markdown tables; fails if a bar is
missed."""
import json
import sys
from pathlib import Path

import bars

LABELS = {
    "bf16": "bf16",
    "int8": "int8",
    "int4_rtn": "int4, rtn",
    "int4_hqq": "int4, hqq",
    "int4_rtn_exact": "int4, rtn, exact activations",
    "int4_hqq_exact": "int4, hqq, exact activations",
    "int4_rtn_cache": "int4, rtn, 8-bit cache",
}
folder = Path(sys.argv[1])
reports = {name: json.loads((folder / f"{name}.json").read_text()) for name in LABELS}
laws = {run["name"].split("/")[1]: run
        for run in json.loads((folder / "laws.json").read_text())["benchmarks"]}
base = reports["bf16"]
if base["overall"] is None:
    sys.exit("overall needs all six of GenEval's categories")


def points(name):
    """Of bf16's overall score that a format loses, of 100."""
    return 100 * (base["overall"] - reports[name]["overall"])


print("| weights | overall | points lost | KL, nats | same likeliest code | s per picture |")
print("|---|---|---|---|---|---|")
for name, label in LABELS.items():
    report = reports[name]
    answers = sum(group["answers"] for group in report["groups"])
    seconds = sum(group["seconds_per_picture"] * group["answers"] for group in report["groups"]) / answers
    law = [f"{laws[name]['kl']:.4f}", f"{laws[name]['agreement']:.3f}"] if name in laws else ["-", "-"]
    lost = "-" if name == "bf16" else f"{points(name):+.1f}"
    print(f"| {label} | {report['overall']:.3f} | {lost} | " + " | ".join(law) + f" | {seconds:.2f} |")

print("\n| group | " + " | ".join(LABELS.values()) + " |")
print("|---|" + "---|" * len(LABELS))
for group in base["groups"]:
    shares = [next(g["passed"] for g in report["groups"] if g["group"] == group["group"])
              for report in reports.values()]
    print(f"| {group['group']} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
print()

# hqq is not the default, as it would be if it won here.
promised = [(f"{LABELS[name]}: points lost", points(name), 2.0, True)
            for name in ("int8", "int4_rtn", "int4_rtn_cache")]
promised += [(f"8-bit activations of int4, {method}: points lost",
              points(f"int4_{method}") - points(f"int4_{method}_exact"), 0.5, True)
             for method in ("rtn", "hqq")]
sys.exit(1 if bars.show(promised, folder / "bars.json") else 0)
