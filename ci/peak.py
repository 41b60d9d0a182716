"""Runs a command and writes its seconds and its largest resident size, in bytes, as JSON.

    python3 ci/peak.py REPORT COMMAND...
"""
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

start = time.monotonic()
subprocess.run(sys.argv[2:], check=True)
Path(sys.argv[1]).write_text(json.dumps({
    "seconds": time.monotonic() - start,
    "peak_bytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
}) + "\n")
