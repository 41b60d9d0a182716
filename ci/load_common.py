"""What the scripts of ci/load.sh share: a server as users start it, PNG files, and a report."""
import http.client
import json
import struct
import subprocess
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZE = "96x96"
JSON = {"Content-Type": "application/json"}


def program(*arguments):
    return [str(ROOT / "lumina"), *arguments]


class Server:
    """`lumina serve` on a free port; the launcher becomes Java, so its process is the server's."""

    def __init__(self, log, *options):
        self.log = Path(log)
        with self.log.open("wb") as err:
            self.process = subprocess.Popen(program("serve", "--port", "0", "--json", *options),
                                            stdout=subprocess.PIPE, stderr=err)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the server did not start:\n{self.log.read_text()}")
        self.url = json.loads(line)["url"]
        self.host, port = self.url.removeprefix("http://").rstrip("/").split(":")
        self.port = int(port)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def connect(self, timeout=600):
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)

    def ask(self, path, fields=None):
        """Status and body of one request: GET, or POST of JSON."""
        connection = self.connect()
        body = None if fields is None else json.dumps(fields)
        connection.request("GET" if body is None else "POST", path, body, {} if body is None else JSON)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def alive(self):
        return self.process.poll() is None

    def idle(self, seconds):
        """Whether nothing is drawn and nothing waits, at the latest after so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            health = json.loads(self.ask("/health")[1])
            if not health["drawing"] and health["waiting"] == 0:
                return True
            time.sleep(0.05)
        return False

    def resident(self):
        """Resident size in bytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0


class Report:
    """The bars of one part, and what else was measured."""

    def __init__(self, folder, name):
        self.path = Path(folder) / f"{name}.json"
        self.bars = []
        self.facts = {}

    def bar(self, what, value, wanted, met):
        self.bars.append({"what": what, "value": str(value), "wanted": wanted, "met": bool(met)})

    def write(self):
        self.path.write_text(json.dumps({"bars": self.bars, "facts": self.facts}, indent=1))


def png(data):
    """Width, height and texts of an RGB picture; ValueError if it is not a whole one."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("not a PNG file")
    at, header, pixels, texts, end = 8, None, b"", {}, False
    while at < len(data) and not end:
        if at + 12 > len(data):
            raise ValueError("cut off")
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        chunk = data[at + 8:at + 8 + length]
        check = data[at + 8 + length:at + 12 + length]
        if len(check) < 4 or zlib.crc32(kind + chunk) != struct.unpack(">I", check)[0]:
            raise ValueError(f"chunk {kind} is damaged")
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", chunk)
        elif kind == b"IDAT":
            pixels += chunk
        elif kind == b"tEXt":
            key, _, text = chunk.partition(b"\0")
            texts[key.decode()] = text.decode("latin-1")
        elif kind == b"iTXt":
            key, _, rest = chunk.partition(b"\0")
            texts[key.decode()] = rest[2:].split(b"\0", 2)[2].decode()
        end = kind == b"IEND"
        at += 12 + length
    if header is None or not end or at != len(data):
        raise ValueError("cut off, or more than a picture")
    width, height, depth, color = header[:4]
    if (depth, color) != (8, 2) or len(zlib.decompress(pixels)) != height * (3 * width + 1):
        raise ValueError("pixels are missing")
    return width, height, texts
