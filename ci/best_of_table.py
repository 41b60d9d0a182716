"""results.json of `lumina evaluate --best-of N --verifier likelihood` as a Markdown table: what the
checker and the likelihood would choose among fewer candidates, too; fails if the bar is missed."""
import json
import sys
from pathlib import Path

import bars

COUNTS = [1, 2, 4, 8, 16]
# The paper's gain with sixteen candidates: GenEval 0.73 to 0.80.
GAIN = 0.07

items = json.loads(Path(sys.argv[1]).read_text())["items"]


def by_likelihood(candidates):
    scored = [c for c in candidates if c.get("score") is not None]
    return bool(scored) and max(scored, key=lambda c: c["score"])["passed"]


def by_checker(candidates):
    return any(c["passed"] for c in candidates)


def overall(count, choose):
    """The mean of the groups' shares of right answers, with the first `count` candidates."""
    groups = {}
    for item in items:
        groups.setdefault(item["group"], []).append(choose(item["candidates"][:count]))
    return sum(sum(right) / len(right) for right in groups.values()) / len(groups)


checker = {count: overall(count, by_checker) for count in COUNTS}
likelihood = {count: overall(count, by_likelihood) for count in COUNTS}
print(f"{len(items)} questions\n")
print("| verifier | " + " | ".join(f"best of {count}" for count in COUNTS) + " |")
print("|---" * (len(COUNTS) + 1) + "|")
for name, row in (("checker", checker), ("likelihood", likelihood)):
    print(f"| {name} | " + " | ".join(f"{value:.2f}" for value in row.values()) + " |")
print()
sys.exit(1 if bars.show([("best of 16 by the checker, above one candidate", checker[16] - checker[1],
                          GAIN, False)]) else 0)
