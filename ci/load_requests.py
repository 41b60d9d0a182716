"""Malformed HTTP requests, the same ones every time, and a good one at last: load_requests.py FOLDER COUNT."""
import base64
import collections
import http.client
import json
import random
import re
import socket
import struct
import sys
import threading
import time
import zlib
from pathlib import Path

from load_common import Report, Server, png

SEED = 20261123
THREADS = 8
HEALTH_EVERY = 100  # requests of a thread
DUE_SECONDS = 30  # for an answer that has to come; others may be waited for in vain
MOMENT = 0.03
GENERATIONS, EDITS = "/v1/images/generations", "/v1/images/edits"
BOUNDARY = "a-line-between"
# As small as pictures get: a few of what is meant to be refused will be drawn.
GOOD = {"prompt": "a red circle", "size": "32x32", "seed": 1}
FIELDS = ("prompt model n size quality background output_format stream seed output_compression response_format "
          "partial_images preview_rows guidance_scale top_k user temperature speculate window task description "
          "progress style unknown").split()
VALUES = ["null", "true", "0", "-1", "64", "2147483648", "9223372036854775808", "1e400", "-1e-400", "0.5", "NaN",
          "Infinity", "0x10", "01", "'x'", "[]", "{}", '{"a":{"b":[1]}}', '""', '"64x64"', '"0x0"',
          '"99999999x64"', '"32x32"', '"-32x32"', '"url"', '"webp"', '"edit"', '"pair-depth"', '"mc"',
          '"\\u0000"', '"\\ud800"', '"../../etc/passwd"', '"a\\nb"', "1" * 400, '"' + "x" * 40000 + '"']
WORDS = ["<|image|>", "<eoss>", "<racm3:break>", "<reserved08706>", "<reserved08799>", "<s>", "</s>", "<unk>",
         "<|endoftext|>", "{prompt}", "{w}x{h}", "{{", "%s%n", "$(id)", "`id`", "'; drop table --", "\\", '"',
         "\r\n", "\t", "\x00", "\x1b[31m", "\x7f", "\u0085", "\u200b", "\u202e", "\ufeff", "\uffff", "e\u0301" * 50,
         "\U0001f98a" * 20, "a red circle", "x" * 5000, " " * 200]


def post(path, body, kind="application/json", *more):
    head = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, *more, "", ""]).encode("latin-1") + body


def generation(body, *more):
    return post(GENERATIONS, body, "application/json", *more)


def damaged(whole, dice):
    data = bytearray(whole)
    for _ in range(1 + dice.randrange(4)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


def picture(dice, width=None, height=None):
    """A PNG file of any size; where the size is given, one that promises more than it holds."""
    columns, rows = dice.randrange(1, 40), dice.randrange(1, 40)
    pixels = zlib.compress((b"\0" + dice.randbytes(3 * columns)) * rows)
    header = struct.pack(">IIBBBBB", width or columns, height or rows, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n"
    for kind, chunk in ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")):
        data += struct.pack(">I", len(chunk)) + kind + chunk + struct.pack(">I", zlib.crc32(kind + chunk))
    return data


# ---- kinds of requests: each gives the bytes, and whether there has to be an answer


def broken_json(dice):
    body = dice.choice([damaged(json.dumps(GOOD).encode(), dice), json.dumps(GOOD).encode("utf-16"),
                        json.dumps(GOOD).encode() * 2, b"\xef\xbb\xbf{}", b"{" * 50_000, b"[" * 100_000,
                        b'{"a":' * 20_000, b'"', b"", b"nul", b"/* */ {}", b"{'prompt':'x'}", b"\x00" * 100])
    return generation(body), True


def odd_fields(dice):
    names = [dice.choice(FIELDS) for _ in range(1 + dice.randrange(4))]
    text = ",".join(f'"{name}":{dice.choice(VALUES)}' for name in names)
    good = '"prompt":"a fox","size":"32x32",' if dice.random() < 0.7 else ""
    return generation(("{" + good + text + "}").encode()), True


def odd_words(dice):
    words = "".join(dice.choice(WORDS) for _ in range(dice.randrange(8)))
    fields = {**GOOD, dice.choice(["prompt", "prompt", "description", "user", "task", "size"]): words}
    if dice.random() < 0.7:
        fields["window"] = 7  # which goes with another field alone: most are not worth drawing
    return generation(json.dumps(fields, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")), True


def no_text(dice):
    wrong = dice.choice([b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\x80"])
    return generation(b'{"prompt":"a ' + wrong + b' fox","size":"32x32","window":7}'), True


def odd_form(dice):
    file = dice.choice([picture(dice), damaged(picture(dice), dice), picture(dice, 65_535, 65_535),
                        picture(dice, 1 << 31, 3), b"", b"GIF89a" + dice.randbytes(30),
                        b"\xff\xd8\xff" + dice.randbytes(60), b"RIFF\0\0\0\0WEBP" + dice.randbytes(30)])
    disposition = dice.choice(['form-data; name="image"', "form-data; name=image", 'form-data; name="image[]"',
                               "form-data", 'attachment; name="image"', 'form-data; name="' + "n" * 5000 + '"',
                               'form-data; name="mask"', 'form-data; name="image"; filename="../../x.png"'])
    text = dice.choice(["make it night", "<eoss>", "x" * 40_000, "\xff", ""])
    parts = [f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + file + b"\r\n",
             f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n{text}\r\n'.encode("latin-1"),
             f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="size"\r\n\r\n32x32\r\n'.encode()]
    dice.shuffle(parts)
    parts *= dice.choice([1, 1, 1, 2, 40])
    body = b"".join(parts) + dice.choice([f"--{BOUNDARY}--\r\n".encode()] * 3 + [b"", b"--", b"\r\n"])
    kind = dice.choice([f"multipart/form-data; boundary={BOUNDARY}"] * 5
                       + ["multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary="',
                          "multipart/mixed; boundary=x", "application/json", "", "/", "multipart/form-data; ;;="])
    return post(EDITS, damaged(body, dice) if dice.random() < 0.3 else body, kind), True


def odd_chunks(dice):
    body = json.dumps(GOOD).encode()
    chunks = dice.choice([b"zz\r\n" + body, b"-5\r\n" + body, b"F" * 17 + b"\r\n" + body, b"0x10\r\n" + body,
                          b"5\r\n" + body, b"\r\n\r\n", b"%x;%s\r\n" % (len(body), b"e" * 20_000) + body,
                          b"%x\r\n" % len(body) + body + b"XX0\r\n\r\n",
                          b"0\r\n" + b"Trailer: x\r\n" * 5000 + b"\r\n", b"1\r\n{\r\n" * 1000 + b"0\r\n\r\n"])
    more = dice.choice(["", "Content-Length: 5\r\n", "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\n"])
    return (f"POST {GENERATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}"
            "Transfer-Encoding: chunked\r\n\r\n").encode() + chunks, False


def odd_length(dice):
    length = dice.choice(["-1", "1e3", "0x10", "99999999999999999999", "9223372036854775807", "5, 5", "5\r\n"
                          "Content-Length: 6", "+5", " ", "abc", "33554433", "2000000"])
    return (f"POST {dice.choice([GENERATIONS, EDITS])} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n").encode() + b"{}   ", False


def odd_method(dice):
    method = dice.choice(["BREW", "get", "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "HEAD", "G" * 3000,
                          "GE\x00T", "\xff\xfe", "", "POST POST", "PRI"])
    path = dice.choice(["/", "/health", "/v1/models", GENERATIONS, "*", "localhost:80"])
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode("latin-1"), False


def odd_path(dice):
    path = dice.choice(["/../../etc/passwd", "/pictures/..%2f..%2fetc%2fpasswd", "/pictures/%00", "/%zz", "/%", "//",
                        "/" + "a" * 5000, "/" + "../" * 500, "http://elsewhere.example/", "http://", "?", "/?" + "&=" * 900,
                        "/v1/models/" + "%ff" * 50, "/v1/models/../../x", "/\xe9\xff", "/a b", "#", "", "\\", "/health#x",
                        "/pictures/" + "x" * 300, "/app.js/", "/./app.js", "/page/../app.js", ":", "[::1", "/v1//models"])
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode("latin-1"), False


def odd_headers(dice):
    headers = dice.choice(["".join(f"X-{i}: {i}\r\n" for i in range(dice.choice([500, 5000]))),
                           "X: " + "x" * dice.choice([15_000, 20_000, 200_000]) + "\r\n", "no colon\r\n", ": none\r\n",
                           "X Y: 1\r\n", "X\x00: 1\r\n", "X: a\x00b\r\n", "X: a\r\n folded\r\n", "X: \xff\r\n",
                           "Host: a\r\n", "Host: a\r\nHost: b\r\n", "Host: [::\r\n", "Host: \x01\r\n", "Host: a:b:c\r\n",
                           "Origin: null\r\n", "Origin: \xff\r\n", "Origin: http://evil.example\r\n",
                           "Expect: 100-continue\r\n", "Expect: something\r\n", "Connection: upgrade\r\nUpgrade: h2c\r\n"
                           "HTTP2-Settings: AAMAAABkAAQAAP__\r\n", "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n", "Range: bytes=5-1\r\n",
                           "Accept-Encoding: " + "gzip," * 500 + "\r\n", "Authorization: Bearer " + "k" * 9000 + "\r\n",
                           "Connection: " + "close," * 500 + "\r\n", "Cookie: " + "a=b;" * 3000 + "\r\n"])
    path = dice.choice(["/", "/health", "/metrics", "/v1/models"])
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode("latin-1"), False


def cut_off(dice):
    whole = dice.choice([generation(json.dumps(GOOD).encode()), odd_form(dice)[0], odd_chunks(dice)[0]])
    return whole[:dice.randrange(len(whole))], False


def no_http(dice):
    return dice.choice([dice.randbytes(dice.randrange(1, 3000)), b"\x16\x03\x01\x02\x00\x01" + dice.randbytes(300),
                        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + dice.randbytes(50), b"GET /\r\n\r\n", b"\r\n" * 500,
                        b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTQ/1.1\r\n\r\n", b"GET / HTTP/1.1 x\r\n\r\n", b"\x00" * 1000,
                        b"*1\r\n$4\r\nPING\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b" GET / HTTP/1.1\r\n\r\n"]), False


def damage(dice):
    return damaged(dice.choice([generation(json.dumps({**GOOD, "window": 7}).encode()),
                                b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"]), dice), False


KINDS = [broken_json, odd_fields, odd_words, no_text, odd_form, odd_chunks, odd_length, odd_method, odd_path,
         odd_headers, cut_off, no_http, damage]

# ---- asking


def ask(server, data, due):
    """The status of the answer; None if there is none."""
    answer = b""
    with socket.create_connection((server.host, server.port), timeout=DUE_SECONDS) as connection:
        try:
            connection.sendall(data)
        except OSError:
            pass  # it may hang up on what it has seen so far
        connection.settimeout(DUE_SECONDS if due else MOMENT)
        try:
            while b"\r\n" not in answer and (part := connection.recv(4096)):
                answer += part
        except OSError:
            pass  # silence, or a connection that was cut
    status = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    return int(status[1]) if status else None


def other_protocol(data):
    """Whether the first line names another version or protocol: 501 is the answer to that."""
    line = re.split(rb"\r?\n", data.lstrip(b"\r\n"), maxsplit=1)[0]
    return not re.search(rb"HTTP/1\.[01]\s*$", line)


class Asker(threading.Thread):
    def __init__(self, server, number, count):
        super().__init__()
        self.server, self.number, self.count = server, number, count
        self.statuses = collections.defaultdict(collections.Counter)
        self.bad, self.silent, self.unwell, self.asked = [], 0, 0, 0

    def run(self):
        dice = random.Random(f"{SEED} {self.number}")
        try:
            for i in range(self.count):
                kind = dice.choice(KINDS)
                data, due = kind(dice)
                status = ask(self.server, data, due)
                self.asked += 1
                self.statuses[kind.__name__][str(status)] += 1
                self.silent += due and status is None
                if status and status >= 500 and status != 503 and not (status == 501 and other_protocol(data)):
                    self.bad.append(f"{kind.__name__}: {status}: {data[:300]!r}")
                if (i + 1) % HEALTH_EVERY == 0:
                    self.unwell += self.server.ask("/health")[0] != 200
        except (OSError, http.client.HTTPException) as failure:  # nobody listens any more
            self.bad.append(repr(failure))


folder, count = Path(sys.argv[1]), int(sys.argv[2])
report = Report(folder, "requests")
with Server(folder / "requests.log", "--max-pixels", str(32 * 64)) as server:
    start = time.monotonic()
    resident = server.resident()
    askers = [Asker(server, i, count // THREADS + (i < count % THREADS)) for i in range(THREADS)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    seconds = time.monotonic() - start
    asked = sum(asker.asked for asker in askers)
    statuses = collections.defaultdict(collections.Counter)
    for asker in askers:
        for kind, counts in asker.statuses.items():
            statuses[kind].update(counts)
    bad = [text for asker in askers for text in asker.bad]
    silent, unwell = sum(asker.silent for asker in askers), sum(asker.unwell for asker in askers)
    alive = server.alive()
    report.bar(f"{asked} malformed requests: the server", "lives" if alive else "died", f"lives, {count} requests",
               alive and asked == count)
    report.bar("answers of 5xx other than 503 (and 501 to another protocol)", len(bad), "0", not bad)
    report.bar("no answer where one is due, or not well in between", silent + unwell, "0", silent + unwell == 0)
    good = "none"
    if alive and server.idle(60):
        status, answer = server.ask(GENERATIONS, GOOD)
        good = f"{status}"
        if status == 200:
            width, height, _ = png(base64.b64decode(json.loads(answer)["data"][0]["b64_json"]))
            good += f", {width}x{height}"
    report.bar("a good request afterwards", good, "200, 32x32", good == "200, 32x32")
    report.facts.update(seconds=round(seconds, 1), statuses=statuses, bad=bad[:50],
                        resident_mb=[round(size / 1e6, 1) for size in (resident, server.resident() if alive else 0)])
report.write()
