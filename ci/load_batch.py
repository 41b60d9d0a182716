"""A batch whose process is killed (SIGKILL) again and again, then left alone: load_batch.py FOLDER PICTURES."""
import collections
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from load_common import SIZE, Report, png, program

KILLS = 5
SEED = 20261123

folder, count = Path(sys.argv[1]), int(sys.argv[2])
report = Report(folder, "batch")
dice = random.Random(SEED)
lines, out = folder / "batch.jsonl", folder / "batch"
shutil.rmtree(out, ignore_errors=True)
lines.write_text("".join(json.dumps({"prompt": f"picture {i}: a red circle", "size": SIZE}) + "\n"
                         for i in range(count)))
command = program("batch", str(lines), "-o", str(out))


def pictures():
    """Name to what changes when a file is written again."""
    if not out.is_dir():
        return {}
    stats = {path.name: path.stat() for path in out.glob("*.png")}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}


def problem(path):
    """Why a file is no picture of this batch; None if it is one."""
    try:
        width, height, texts = png(path.read_bytes())
    except (ValueError, IndexError) as failure:
        return f"{path.name}: {failure}"
    prompts.add(texts.get("prompt"))
    return None if f"{width}x{height}" == SIZE else f"{path.name}: {width}x{height}"


written_again = set()
moments = []
before = {}
with (folder / "batch.log").open("wb") as log:
    for target in sorted(dice.sample(range(count), KILLS)):
        process = subprocess.Popen([*command, "--quiet"], stdout=subprocess.DEVNULL, stderr=log)
        while process.poll() is None and len(pictures()) <= target:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.5))
        killed = process.poll() is None
        process.kill()
        process.wait()
        now = pictures()
        written_again |= {name for name, stat in before.items() if now.get(name) != stat}
        moments.append({"killed": killed, "pictures": len(now)})
        before = now
    last = subprocess.run([*command, "--quiet"], stdout=subprocess.DEVNULL, stderr=log)
    after = pictures()
    written_again |= {name for name, stat in before.items() if after.get(name) != stat}
    again = subprocess.run([*command, "--json", "--quiet"], stdout=subprocess.PIPE, stderr=log)
written_again |= {name for name, stat in after.items() if pictures().get(name) != stat}

prompts = set()
problems = [text for path in sorted(out.glob("*.png")) if (text := problem(path))]
strangers = [path.name for path in out.iterdir() if path.suffix != ".png" and path.name != "batch.jsonl"]
made = collections.Counter()
for line in (out / "batch.jsonl").read_text().splitlines():
    try:
        entry = json.loads(line)
    except ValueError:
        continue  # a kill may leave half a line
    if entry["state"] == "made":
        made[entry["file"]] += 1
twice = written_again | {name for name, times in made.items() if times > 1}
killed = sum(moment["killed"] for moment in moments)

report.bar(f"batch of {count}, killed {killed} times: pictures in the end", len(after), str(count),
           len(after) == count and len(prompts) == count and last.returncode == 0 and killed > 0)
report.bar("the same: files that are no whole picture", len(problems) + len(strangers), "0",
           not problems and not strangers)
report.bar("the same: pictures made twice", len(twice), "0", not twice)
report.bar("the same, given once more: pictures made", json.loads(again.stdout)["made"], "0",
           json.loads(again.stdout)["made"] == 0)
report.facts.update(kills=moments, problems=problems + strangers, twice=sorted(twice),
                    journal_lines=sum(made.values()))
report.write()
