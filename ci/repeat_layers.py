"""A model folder of any depth from a shallow one: its layers again and again. For benches, where
the size of a whole model counts and what it says does not.

    python3 ci/repeat_layers.py FOLDER OUT LAYERS
"""
import json
import mmap
import os
import re
import shutil
import sys
from pathlib import Path

source, out, layers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
config = json.loads((source / "config.json").read_text())
shallow = config["num_hidden_layers"]
config["num_hidden_layers"] = layers
out.mkdir()
for file in source.iterdir():
    if file.name not in ("config.json", "model.safetensors"):
        try:
            os.link(file, out / file.name)
        except OSError:
            shutil.copy(file, out / file.name)
(out / "config.json").write_text(json.dumps(config))

with open(source / "model.safetensors", "rb") as file:
    data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
length = int.from_bytes(data[:8], "little")
header = json.loads(bytes(data[8:8 + length]))
start = 8 + length

tensors, pieces, end = {}, [], 0
if "__metadata__" in header:
    tensors["__metadata__"] = header.pop("__metadata__")


def add(name, of):
    """The tensor `of` of the source once more, as `name`."""
    global end
    begin = end
    first, last = of["data_offsets"]
    end += last - first
    tensors[name] = {**of, "data_offsets": [begin, end]}
    pieces.append(data[start + first:start + last])


for name, of in header.items():
    layer = re.match(r"model\.layers\.(\d+)\.(.*)", name)
    if layer is None:
        add(name, of)
        continue
    for index in range(int(layer[1]), layers, shallow):
        add(f"model.layers.{index}.{layer[2]}", of)

text = json.dumps(tensors).encode()
text += b" " * (-len(text) % 64)
with open(out / "model.safetensors", "wb") as file:
    file.write(len(text).to_bytes(8, "little") + text)
    for piece in pieces:
        file.write(piece)
