"""Eight clients at once, some with more than their share of requests, while visitors come and go; then
clients that hang up in the middle of a picture: load_clients.py FOLDER SECONDS."""
import base64
import collections
import json
import random
import socket
import statistics
import sys
import threading
import time
from pathlib import Path

from load_common import JSON, SIZE, Report, Server

CONNECTIONS = [12, 4, 2, 2, 1, 1, 1, 1]  # of each client; the first has more than may wait
SEED = 20261123
KINDS = ["whole", "whole", "whole", "stream", "edit"]
LONGEST_PAUSE = 2  # seconds after a 429, whatever the server proposes
PAUSE = 0.02  # seconds between two looks at /health, which take time from the threads that are to stop
BOUNDARY = "a-line-between"

folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
warm_up = min(30.0, seconds / 4)
report = Report(folder, "clients")
statuses = collections.Counter()
failures = []
pictures = [0] * len(CONNECTIONS)


def fields(user, seed):
    return {"prompt": f"a red circle and {seed % 7} stars", "size": SIZE, "seed": seed, "user": user}


def stream(user, seed):
    return json.dumps({**fields(user, seed), "stream": True, "progress": True, "preview_rows": 4})


def form(picture, texts):
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
             for name, text in texts.items()]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="in.png"\r\n\r\n'
    return "".join(parts).encode() + head.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()


def ask(connection, kind, user, seed):
    """Status of the answer, seconds to wait, and whether there is a picture in it."""
    if kind == "edit":
        body = form(given, {**fields(user, seed), "prompt": "make the circle green"})
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        connection.request("POST", "/v1/images/edits", body, headers)
    else:
        body = stream(user, seed) if kind == "stream" else json.dumps(fields(user, seed))
        connection.request("POST", "/v1/images/generations", body, JSON)
    response = connection.getresponse()
    answer = response.read()
    drawn = (b"event: image_generation.completed" if kind == "stream" else b'"b64_json"') in answer
    return response.status, float(response.headers.get("Retry-After", 1)), drawn


def client(server, number, connection_number, gate, end):
    """One connection of a client: the next request as soon as the last one is answered."""
    dice = random.Random(f"{SEED} {number} {connection_number}")
    connection = server.connect()
    gate.wait()
    while time.monotonic() < end() and server.alive():
        kind = dice.choice(KINDS)
        try:
            status, pause, drawn = ask(connection, kind, f"client {number}", dice.randrange(1 << 31))
        except Exception as failure:  # whatever it is, it is not an answer
            failures.append(f"{kind}: {failure!r}")
            connection.close()
            continue
        statuses[status] += 1
        if status == 200 and not drawn:
            failures.append(f"{kind}: no picture in it")
        elif status == 200 and time.monotonic() < end():
            pictures[number] += 1
        elif status == 429:
            time.sleep(min(pause, LONGEST_PAUSE))


def post(body):
    return (f"POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def visitor(server, gate, end):
    """Asks, looks for a moment, and goes away."""
    dice = random.Random(SEED)
    gate.wait()
    while time.monotonic() < end() and server.alive():
        try:
            with socket.create_connection((server.host, server.port)) as connection:
                connection.sendall(post(stream("visitor", dice.randrange(1 << 31))))
                time.sleep(dice.uniform(0, 3))
        except OSError as failure:
            failures.append(f"visitor: {failure!r}")


def under_load(server):
    gate = threading.Barrier(sum(CONNECTIONS) + 2)
    start = []
    end = lambda: start[0] + seconds  # noqa: E731  known when all stand at the gate
    threads = [threading.Thread(target=client, args=(server, number, i, gate, end))
               for number, count in enumerate(CONNECTIONS) for i in range(count)]
    threads.append(threading.Thread(target=visitor, args=(server, gate, end)))
    for thread in threads:
        thread.start()
    start.append(time.monotonic())
    gate.wait()
    sizes = []
    while time.monotonic() < end() and server.alive():
        sizes.append((time.monotonic() - start[0], server.resident()))
        time.sleep(0.5)
    for thread in threads:
        thread.join()
    if not server.alive():
        raise SystemExit(f"the server died:\n{server.log.read_text()[-2000:]}")
    before = max(size for at, size in sizes if at <= warm_up)
    after = max(size for at, size in sizes if at > warm_up)
    wrong = {status: count for status, count in statuses.items() if status not in (200, 429)}
    report.bar(f"{len(CONNECTIONS)} clients for {seconds:g} s: answers other than 200 and 429",
               sum(wrong.values()) + len(failures), "0", not wrong and not failures)
    growth = after / before - 1
    report.bar(f"resident size, largest after {warm_up:g} s over largest until then",
               f"{100 * growth:+.1f} %", "at most +3 %", growth <= 0.03)
    most, least = max(pictures), min(pictures)
    report.bar("pictures of a client, most / least", f"{most} / {least}", "at most 1.25, or 2 more",
               least > 0 and most <= max(1.25 * least, least + 2))
    report.facts.update(answers={str(status): count for status, count in sorted(statuses.items())},
                        failures=failures[:20], pictures_of_clients=pictures,
                        resident_mb=[round(size / 1e6, 1) for _, size in sizes])


def events(server, seed):
    """The events of one stream, as the server names them."""
    connection = server.connect()
    connection.request("POST", "/v1/images/generations", stream("somebody", seed), JSON)
    lines = connection.getresponse().read().decode().splitlines()
    return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]


def pace(server):
    """Seconds of one decode step, and of a picture: a row is as many steps as codes."""
    columns = int(SIZE.split("x")[0]) / 8
    steps, whole = [], []
    for seed in range(3):
        told = events(server, seed)
        rows = [(one["rows_done"], one["seconds"]) for one in told
                if one["type"] == "lumina.progress" and one["phase"] == "decode"]
        steps += [(later[1] - earlier[1]) / (later[0] - earlier[0]) / columns
                  for earlier, later in zip(rows, rows[1:]) if later[0] > earlier[0]]
        whole.append(told[-1]["seconds"])
    return statistics.median(steps), statistics.median(whole)


def hang_up(server, look, seed, moment):
    """Seconds from hanging up, so long after the drawing began, until /health tells that the engine is
    free; None if the picture was done before."""
    with socket.create_connection((server.host, server.port)) as connection:
        connection.sendall(post(stream("somebody", seed)))
        heard = b""
        while b"lumina.progress" not in heard:
            part = connection.recv(1 << 16)
            if not part:
                raise SystemExit(f"no picture to hang up on: {heard[:500]}")
            heard += part
        end = time.perf_counter() + moment
        while (left := end - time.perf_counter()) > 0:
            connection.settimeout(left)
            try:
                heard += connection.recv(1 << 16)
            except TimeoutError:
                break
        if b".completed" in heard or not look():
            return None
        start = time.perf_counter()
    while look():
        time.sleep(PAUSE)
    return time.perf_counter() - start


def cancel_seconds(server):
    """By quantile, of the last two minutes."""
    lines = server.ask("/metrics")[1].decode().splitlines()
    return {line.split('quantile="')[1].split('"')[0]: float(line.split()[-1])
            for line in lines if line.startswith("lumina_cancel_seconds{")}


def hanging_up(server):
    step, picture = pace(server)
    connection = server.connect()

    def look():
        connection.request("GET", "/health")
        return json.loads(connection.getresponse().read())["drawing"]

    looks = []
    for _ in range(100):
        start = time.perf_counter()
        look()
        looks.append(time.perf_counter() - start)
    dice = random.Random(SEED)
    times = []
    wanted = max(20, round(seconds / 2))
    for seed in range(10 * wanted):
        time_to_free = hang_up(server, look, seed, dice.uniform(0, 0.95 * picture))
        if time_to_free is not None:
            times.append(time_to_free)
        if len(times) == wanted:
            break
        server.idle(60)
    quantiles = cancel_seconds(server)
    p95 = quantiles["0.95"]
    report.bar(f"{len(times)} clients hang up: p95 until the engine is free (lumina_cancel_seconds)",
               f"{1000 * p95:.1f} ms", f"below a decode step, {1000 * step:.1f} ms", p95 < step)
    report.facts.update(cancel_seconds=quantiles, step_ms=round(1000 * step, 3), picture_ms=round(1000 * picture, 1),
                        look_ms=round(1000 * statistics.median(looks), 3),
                        hang_up_ms=[round(1000 * value, 2) for value in sorted(times)])


with Server(folder / "clients.log", "--linger", "0") as server:
    status, answer = server.ask("/v1/images/generations", fields("first", 1))
    if status != 200:
        raise SystemExit(f"the first picture: {status} {answer[:500]}")
    given = base64.b64decode(json.loads(answer)["data"][0]["b64_json"])
    under_load(server)
    report.bar("then nothing waits and nothing is drawn", "yes" if server.idle(60) else "no", "yes",
               server.idle(1))
report.write()  # should what follows fail
with Server(folder / "hang_up.log", "--linger", "0") as server:
    hanging_up(server)
report.write()
