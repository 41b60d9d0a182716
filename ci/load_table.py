"""What the parts of ci/load.sh found, as a Markdown table; fails if a bar is missed or a part is missing."""
import json
import sys
from pathlib import Path

bars = []
for part in ("clients", "requests", "batch"):
    path = Path(sys.argv[1]) / f"{part}.json"
    if path.exists():
        bars += json.loads(path.read_text())["bars"]
    else:
        bars.append({"what": f"{part}: ended early, see {part}.log", "value": "-", "wanted": "", "met": False})
print("| bar | value | wanted | |\n|---|---|---|---|")
for bar in bars:
    print(f"| {bar['what']} | {bar['value']} | {bar['wanted']} | {'met' if bar['met'] else 'MISSED'} |")
sys.exit(0 if all(bar["met"] for bar in bars) else 1)
